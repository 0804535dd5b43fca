"""Codes: the paper rules, the hash, issuing in batch, letters (security.md K6)."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.acces.codes import hashed, issue_code, issue_codes, revoke_codes
from palier.acces.envoi_codes import email_codes
from palier.acces.lettres import activation_link, letters_pdf, list_pdf
from palier.acces.models import Acces, CodeAcces, CodeIndex
from palier.acces.rules import codes as rules
from palier.acces.rules.noms import is_same_person
from palier.core.errors import BusinessError, Forbidden, Invisible
from tests.acces.codes_jeu import acces_libre, issue
from tests.cast import Cast
from tests.courrier.boite import deliver

SYMBOLES = st.sampled_from(rules.ALPHABET)
SECRETS = st.text(SYMBOLES, min_size=13, max_size=13).map(lambda text: text + rules.check_symbol(text))


def test_alphabet_has_no_twins_and_the_secret_has_65_bits() -> None:
    assert len(set(rules.ALPHABET)) == 32
    assert not set("01OI") & set(rules.ALPHABET)
    assert rules.LONGUEUR_SECRET * 5 == 65


@given(SECRETS)
def test_typed_as_printed_or_badly_is_the_same(secret: str) -> None:
    printed = rules.printed_secret(secret)
    for typed in (
        printed,
        printed.lower(),
        secret.replace("L", "1"),
        secret.replace("L", "i"),
        printed.replace(" ", "-"),
    ):
        assert rules.normalised_secret(typed) == secret


@given(SECRETS, st.integers(0, 13), SYMBOLES)
def test_one_wrong_symbol_is_always_seen(secret: str, position: int, symbole: str) -> None:
    if secret[position] == symbole:
        return
    with pytest.raises(rules.CodeFault, match="controle"):
        rules.normalised_secret(secret[:position] + symbole + secret[position + 1 :])


@given(SECRETS, st.integers(0, 13), st.integers(0, 13))
def test_two_exchanged_symbols_are_always_seen(secret: str, one: int, other: int) -> None:
    if secret[one] == secret[other]:
        return
    swapped = list(secret)
    swapped[one], swapped[other] = swapped[other], swapped[one]
    with pytest.raises(rules.CodeFault):
        rules.normalised_secret("".join(swapped))


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_a_fault(texte: str) -> None:
    with contextlib.suppress(rules.CodeFault):
        assert len(rules.normalised_identifier(texte)) == 9


@pytest.mark.parametrize(
    ("un", "autre", "pareil"),
    [
        ("Lefèvre", "LEFEVRE", True),
        ("Lefèvre-Martin", "martin", True),
        ("Durand", "Petit", False),
        ("SCI du Lac", "SCI du Parc", False),
    ],
)
def test_names_compared(un: str, autre: str, pareil: bool) -> None:
    assert is_same_person(un, autre) is pareil


def test_secret_is_stored_hashed_and_shown_once(cast: Cast) -> None:
    code = issue(cast)
    row = CodeAcces.objects.visible_to(cast.system()).get(identifiant=code.identifiant)
    assert code.secret not in row.secret and row.secret == hashed(code.identifiant, code.secret)
    assert code.secret not in repr(code)


def test_reissue_leaves_one_live_code(cast: Cast) -> None:
    first, second = issue(cast), issue(cast)
    rows = CodeAcces.objects.visible_to(cast.system()).filter(acces_id=first.acces_id)
    assert {row.identifiant: row.revoque_le is None for row in rows} == {
        first.identifiant: False,
        second.identifiant: True,
    }


def test_staff_issues_to_its_own_only(cast: Cast) -> None:
    acces = acces_libre(cast)
    with pytest.raises(Invisible):
        issue_code(cast.staff("bruno", cast.b), acces.id)
    with pytest.raises(Invisible):
        revoke_codes(cast.staff("bruno", cast.b), [acces.id])
    with pytest.raises(Forbidden):
        issue_code(cast.actor("claire"), acces.id)


def test_attached_acces_gets_no_code(cast: Cast) -> None:
    with pytest.raises(BusinessError) as refus:
        issue_code(cast.staff("gaston"), cast.acces["claire"].id)
    assert refus.value.code == "deja_rattache"


def test_batch_of_letters_is_one_pdf(cast: Cast) -> None:
    import pypdfium2

    gaston = cast.staff("gaston")
    with_acces = [row.id for row in Acces.objects.visible_to(gaston)]
    codes = issue_codes(gaston, with_acces)
    assert [code.nom for code in codes] == ["M. Denis Sanscode"]
    many = codes * 3
    document = pypdfium2.PdfDocument(letters_pdf(gaston, cast.a.agence, many))
    pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) == 3
    assert codes[0].secret_imprime in pages[0] and "Cabinet A" in pages[0]
    liste = pypdfium2.PdfDocument(list_pdf(gaston, cast.a.agence, many))
    assert len(liste) == 1
    document.close()
    liste.close()


def test_qr_code_never_holds_the_secret(cast: Cast) -> None:
    code = issue(cast)
    assert code.secret not in activation_link(code.identifiant)


def test_email_invitation_seals_the_secret_in_the_queue(cast: Cast) -> None:
    from django.db import connection

    from palier.core.action import writing
    from palier.patrimoine.models import Tiers

    acces = acces_libre(cast)
    gaston = cast.staff("gaston")
    with pytest.raises(BusinessError):
        email_codes(gaston, [acces.id])
    with writing("test"):
        Tiers.objects.visible_to(gaston).filter(id=acces.tiers_id).update(email="denis@poste.example")
    assert email_codes(gaston, [acces.id]).envoyes == 1
    with connection.cursor() as cursor:
        cursor.execute("select args::text from procrastinate_jobs")
        queued = " ".join(row[0] for row in cursor.fetchall())
    assert "denis@poste.example" not in queued
    (message,) = deliver()
    assert message.to == ["denis@poste.example"]
    row = CodeAcces.objects.visible_to(gaston).get(acces_id=acces.id)
    assert rules.printed_identifier(row.identifiant) in str(message.body)
    assert row.secret == hashed(row.identifiant, _secret_in(str(message.body)))
    assert CodeIndex.objects.filter(identifiant=row.identifiant).exists()


def _secret_in(body: str) -> str:
    line = next(line for line in body.splitlines() if line.startswith("Code :"))
    return rules.normalised_secret(line.removeprefix("Code :"))
