"""The return file: numbered, identical each time, in both dialects, readable by others; refusals and acknowledgements."""

import csv
import hashlib
import io
import json
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from frictionless import Resource, Schema

from palier.core.errors import BusinessError, Invisible
from palier.core.vault import DamagedFile
from palier.courrier.actions import compose
from palier.courrier.models import Envoi
from palier.echanges.retours import actions as echanges
from palier.echanges.retours.actions import prepare_return
from palier.echanges.retours.dialectes import table_bytes
from palier.echanges.retours.documentation import pages, table_schema
from palier.retours.actions_agence import acknowledge_return, refuse_row
from palier.retours.actions_consentements import choose_consent
from palier.retours.enums import MoyenAcquittement
from palier.retours.models import ChangementCoordonnees, Consentement, Retour
from palier.retours.registre import Champ, TableRetour, declare, table_of, tables
from palier.retours.rules.consentements import REGLES
from tests.cast import Cast
from tests.factories import pdf
from tests.plugin import ROOT
from tests.retours.outils import ask, opened, prepare, send, zip_of


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def consent(cast: Cast, who: str = "leo", genre: str = "quittance", sens: str = "donne") -> bool:
    return choose_consent(cast.actor(who), cast.acces[who].id, genre, sens, REGLES[genre].version)


def everything(cast: Cast) -> Retour:
    """One thing of each kind, prepared."""
    ask(cast, valeurs={"email": {"email": "neuve@poste.example"}})
    consent(cast)
    send(cast)
    return prepare(cast)


def test_a_return_holds_each_thing_once_with_its_file(cast: Cast) -> None:
    retour = everything(cast)
    head, found, files = opened(zip_of(cast, retour))
    (change,) = rows_of(found["retours_coordonnees.csv"])
    assert (change["rubrique"], change["ancien"], change["email"]) == (
        "email",
        "c…@poste.example",
        "neuve@poste.example",
    )
    assert (change["tiers_id"], change["logiciel"], change["base"]) == (
        cast.rows["tiers"]["claire"].reference,
        "demo",
        "principale",
    )
    (accord,) = rows_of(found["retours_consentements.csv"])
    assert (accord["genre"], accord["sens"], accord["texte_sha256"]) == (
        "quittance",
        "donne",
        REGLES["quittance"].empreinte,
    )
    (piece,) = rows_of(found["retours_justificatifs.csv"])
    assert hashlib.sha256(files[piece["chemin"]]).hexdigest() == piece["sha256"]
    assert piece["bail_id"] == cast.rows["bail_leo"].reference
    assert [(f["table"], f["lignes"]) for f in head["fichiers"]] == [(t.nom, 1) for t in tables()]
    assert (head["sequence"], head["precedent"], head["depuis"]) == (1, None, None)
    assert "claire.lefevre@poste.example" not in found["retours_coordonnees.csv"]


def test_a_return_never_changes_and_nothing_is_sent_twice(cast: Cast) -> None:
    retour = everything(cast)
    first = {d: zip_of(cast, retour, d) for d in ("canon", "excel-fr")}
    assert prepare_return(cast.staff("gaston")) is None
    ask(cast, "conrad")
    second = prepare(cast)
    assert (second.sequence, second.lignes, second.depuis) == (2, 1, retour.jusqu_a)
    again = Retour.objects.visible_to(cast.staff("gaston")).get(sequence=1)
    assert {d: zip_of(cast, again, d) for d in first} == first
    sent = ChangementCoordonnees.objects.visible_to(cast.staff("gaston")).get(retour_id=again.id)
    refuse_row(cast.staff("gaston"), "coordonnees", sent.id, "Erreur")
    assert zip_of(cast, again) == first["canon"]


def test_excel_dialect_has_french_dates_and_the_same_rows(cast: Cast) -> None:
    retour = everything(cast)
    head, found, _files = opened(zip_of(cast, retour, "excel-fr"))
    (piece,) = rows_of(found["retours_justificatifs.csv"])
    assert (piece["du"], piece["au"]) == ("01/09/2026", "31/08/2027")
    assert head["dialecte"] == "excel-fr"
    assert head["empreinte"] == opened(zip_of(cast, retour))[0]["empreinte"]
    assert found["retours_justificatifs.csv"].count("\r\n") == 2


def test_an_independent_reader_accepts_the_tables(cast: Cast, tmp_path: Path) -> None:
    """The published Table Schemas, read by frictionless, on what is really written."""
    _head, found, _files = opened(zip_of(cast, everything(cast)))
    for table in tables():
        path = tmp_path / f"{table.nom}.csv"
        path.write_text(found[path.name], encoding="utf-8")
        schema = Schema.from_descriptor(json.loads(json.dumps(table_schema(table))))
        from frictionless import Dialect
        from frictionless.formats import CsvControl

        dialect = Dialect(controls=[CsvControl(delimiter=";")])
        report = Resource(path=path.name, basepath=str(tmp_path), schema=schema, dialect=dialect).validate()
        assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_cells_never_run_as_formulas() -> None:
    champs = (Champ("a", "string", "", ""), Champ("b", "datetime", "", ""))
    rows = [{"a": "=cmd|' /C calc'!A0", "b": ""}, {"a": '@x;"y"\n=1', "b": ""}]
    for dialecte in ("canon", "excel-fr"):
        text = table_bytes(champs, rows, dialecte).decode("utf-8-sig")
        assert [r["a"][:2] for r in rows_of(text)] == ["'=", "'@"]


def test_a_damaged_proof_is_never_served_as_good(cast: Cast) -> None:
    retour = everything(cast)
    retour.contenu["pieces"][0]["octets"] += 1
    with pytest.raises(DamagedFile):
        zip_of(cast, retour)


def test_too_many_for_one_file_wait_for_the_next(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(echanges, "OCTETS_MAX", 10)
    send(cast)
    send(cast, content=pdf("autre"))
    assert [prepare(cast).lignes, prepare(cast).lignes] == [1, 1]
    monkeypatch.setattr(echanges, "LIGNES_MAX", 1)
    ask(cast)
    ask(cast, "conrad")
    assert [prepare(cast).lignes, prepare(cast).lignes] == [1, 1]


def test_acknowledge_moves_what_was_sent_and_repeats_safely(cast: Cast) -> None:
    everything(cast)
    actor = cast.staff("gaston")
    first = acknowledge_return(actor, 1, MoyenAcquittement.MAIN)
    again = acknowledge_return(actor, 1, MoyenAcquittement.COMMANDE)
    assert (again.acquitte_le, again.moyen) == (first.acquitte_le, "main")
    for table in tables():
        assert list(table.modele.objects.visible_to(actor).values_list("etat", flat=True)) == ["acquitte"]
    with pytest.raises(Invisible):
        acknowledge_return(actor, 9, MoyenAcquittement.MAIN)
    with pytest.raises(Invisible):
        acknowledge_return(cast.staff("bruno", cast.b), 1, MoyenAcquittement.MAIN)


def test_refusal_tells_the_person_and_keeps_the_account_address_from_the_staff(cast: Cast) -> None:
    row = ask(cast)
    assert refuse_row(cast.staff("gaston"), "coordonnees", row.id, "  Numéro   injoignable ") is True
    sent = Envoi.objects.filter(modele="retour_refuse")
    assert sent.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "select args ->> 'charge' from procrastinate_jobs where task_name = 'courrier.envoyer'"
        )
        charge = cursor.fetchall()[-1][0]
    from palier.courrier.chiffre import unseal

    message = compose(unseal(charge))
    assert message.to == ["claire@courriel.example"]
    assert "Numéro injoignable" in str(message.body) and "Téléphone mobile" in str(message.body)
    assert prepare_return(cast.staff("gaston")) is None
    assert not mail.outbox
    with pytest.raises(BusinessError):
        refuse_row(cast.staff("gaston"), "coordonnees", row.id, "encore")
    with pytest.raises(Invisible):
        refuse_row(cast.staff("bruno", cast.b), "coordonnees", row.id, "non")


def test_a_consent_is_never_refused_and_a_reason_is_needed(cast: Cast) -> None:
    consent(cast)
    row = Consentement.objects.visible_to(cast.staff("gaston")).get()
    with pytest.raises(BusinessError) as refusal:
        refuse_row(cast.staff("gaston"), "consentements", row.id, "non")
    assert refusal.value.code == "non_refusable"
    change = ask(cast)
    with pytest.raises(BusinessError) as refusal:
        refuse_row(cast.staff("gaston"), "coordonnees", change.id, "   ")
    assert refusal.value.code == "motif"


def test_command_writes_gives_again_and_acknowledges(cast: Cast, tmp_path: Path) -> None:
    def command(*args: str) -> str:
        out = io.StringIO()
        call_command("dossier", "retours", "--agence", "cabinet-a", *args, stdout=out)
        return out.getvalue()

    ask(cast)
    first, again = tmp_path / "a.zip", tmp_path / "sous" / "b.zip"
    assert "Retour n° 1 : 1 lignes" in command("--sortie", str(first))
    assert "Rien de nouveau" in command("--sortie", str(tmp_path / "rien.zip"))
    assert not (tmp_path / "rien.zip").exists()
    assert "n° 1" in command()
    command("--sequence", "1", "--sortie", str(again))
    assert again.read_bytes() == first.read_bytes()
    assert oct(first.stat().st_mode)[-3:] == "600"
    assert "acquitté" in command("--acquitter", "1")
    assert "acquittés" not in command()
    for bad in (("--sequence", "9"), ("--acquitter", "9")):
        with pytest.raises(CommandError):
            command(*bad)
    with pytest.raises(CommandError):
        call_command("dossier", "retours", "--agence", "inconnue")


def test_published_documentation_is_what_is_declared() -> None:
    folder = ROOT / "docs" / "dossier"
    for name, text in pages().items():
        assert (folder / name).read_text(encoding="utf-8") == text, f"{name} : ./run manage dossier docs"
    published = {p.stem for p in (folder / "schemas-retours").glob("*.json")}
    assert published == {t.nom for t in tables()}


def test_a_room_adds_its_table_with_one_declaration(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from palier.retours import registre

    monkeypatch.setattr(registre, "_tables", dict(registre._tables))
    declare(
        TableRetour(
            "retours_essais", "Essais", "Un essai.", Consentement, (Champ("genre", "string", "", ""),),
            lambda row: {"genre": row.genre}, lambda fait: (fait["genre"], ""),
        )
    )  # fmt: skip
    assert table_of("essais") is not None
    consent(cast)
    _head, found, _files = opened(zip_of(cast, prepare(cast)))
    assert "retours_essais.csv" in found
    with pytest.raises(ValueError, match="retours_"):
        declare(TableRetour("essais", "", "", Consentement, (), dict, lambda _fait: ("", "")))
