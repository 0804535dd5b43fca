"""The account of a space: the sentence, the ledger that adds up, the statement to take away."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

from palier.comptabilite import queries
from palier.comptabilite.rules.grand_livre import report
from palier.core.action import writing
from palier.ged.pdf import pages_et_texte
from tests.cast import Cast


def page(cast: Cast, name: str, suffix: str = "") -> str:
    """Return the text of somebody's account page, spaces made plain."""
    html = cast.client(name).get(f"/e/{cast.espace_id(name)}/compte{suffix}").content.decode()
    return re.sub(r"[\u00a0\u202f]", " ", html)


def test_the_balance_is_one_sentence(cast: Cast) -> None:
    assert "Vous devez 482,17 € avant le 1er janvier 2027." in page(cast, "claire")
    assert "Vous êtes à jour." in page(cast, "conrad")
    assert "L’agence vous doit 640,00 €." in page(cast, "beatrice")
    assert "Vous devez 780,00 €." in page(cast, "leo")


def test_due_items_show_their_lines(cast: Cast) -> None:
    html = page(cast, "claire")
    assert "Appel du 1er trimestre 2027" in html
    assert "Charges générales" in html and "82,17 €" in html


def test_the_ledger_adds_up_to_the_balance(cast: Cast) -> None:
    """The balance is 482,17 €; the lines say 1 446,51 € more by the missing past, which the report explains."""
    actor = cast.actor("claire")
    espace = cast.espaces["claire"]
    found = queries.position(actor, espace.id)
    assert found is not None
    situation, resume = found
    brought = report(situation.solde, resume.somme)
    lines = queries.ecritures(actor, queries.Compte(espace.agence_id, situation, [], brought))
    assert lines[0].cumul == situation.solde == Decimal("482.17")
    running = brought
    for line in reversed(lines):
        running += line.debit - line.credit
        assert line.cumul == running


def test_a_partial_history_has_its_report(cast: Cast) -> None:
    cast.system()
    with writing("test"):
        cast.a.mouvement(cast.rows["comptes"]["claire"], "Ligne", date(2026, 1, 5), debit="100.00")
    html = page(cast, "claire")
    assert "Report à nouveau" in html and "−100,00 €" in html


def test_many_lines_are_paged_by_key(cast: Cast) -> None:
    cast.system()
    with writing("test"):
        for n in range(230):
            cast.a.mouvement(cast.rows["comptes"]["claire"], f"Ligne {n:03d}", date(2026, 1, 1), debit="1.00")
    seen: list[str] = []
    suffix = "?exercice=2026-01-01"
    while suffix:
        html = page(cast, "claire", suffix)
        seen += re.findall(r"Ligne \d{3}", html)
        found = re.search(r'rel="next" href="[^"]*(\?[^"]+)"', html)
        suffix = found[1].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == 230


def test_csv_is_neutralised_and_numeric(cast: Cast) -> None:
    cast.system()
    with writing("test"):
        cast.a.mouvement(
            cast.rows["comptes"]["claire"], '=HYPERLINK("http://x")', date(2026, 12, 1), credit="10.50"
        )
    response = cast.client("claire").get(f"/e/{cast.espace_id('claire')}/compte/releve.csv")
    assert response.content[:3] == b"\xef\xbb\xbf"
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["Date", "Journal", "Pièce", "Libellé", "Débit", "Crédit", "Solde"]
    assert rows[-1][3].startswith("'=HYPERLINK")
    assert (rows[-1][4], rows[-1][5]) == ("0,00", "10,50")
    assert response["Content-Disposition"].startswith("attachment;")


def test_pdf_says_the_balance(cast: Cast) -> None:
    response = cast.client("claire").get(f"/e/{cast.espace_id('claire')}/compte/releve.pdf")
    pages, texte = pages_et_texte(response.content, "application/pdf")
    plain = re.sub(r"\s+", " ", texte)
    assert (
        pages == 1 and "Vous devez 482,17 € avant le 1er janvier 2027." in plain and "Madame Lefèvre" in plain
    )


def test_a_dated_title_shows_its_own_rows_only(cast: Cast) -> None:
    """Fabien held the compte until 30 June 2024: what came after is not his, in the page nor in the statement."""
    compte = cast.rows["comptes"]["fabien"]
    cast.system()
    with writing("test"):
        cast.a.mouvement(compte, "AVANT la vente", date(2024, 5, 1), debit="10.00")
        cast.a.mouvement(compte, "APRES la vente", date(2024, 9, 1), debit="99.00")
    for suffix in ("", "?exercice=2024-01-01", "/releve.csv"):
        html = page(cast, "fabien", suffix)
        assert "AVANT la vente" in html and "APRES la vente" not in html
