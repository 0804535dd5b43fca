"""The pure rules: numbers, postal codes, masks, files, consents."""

from datetime import date

import pytest

from palier.core.cellules import neutralise
from palier.retours.rules import consentements, justificatifs
from palier.retours.rules.coordonnees import (
    CoordonneeInvalide,
    code_postal,
    email,
    identique,
    ligne,
    masque,
    telephone,
    telephone_lisible,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "0612345678"),
        ("06.12.34.56.78", "0612345678"),
        ("+33 6 12 34 56 78", "0612345678"),
        ("+33 (0)6 12 34 56 78", "0612345678"),
        ("0033612345678", "0612345678"),
        ("+32 470 12 34 56", "0032470123456"),
        ("", ""),
    ],
)
def test_telephone_is_written_one_way(typed: str, kept: str) -> None:
    assert telephone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["06 12 34 56", "612345678", "0012", "=1+1", "06 12 34 56 7a", "++33612345678"]
)
def test_telephone_refuses_what_no_call_reaches(typed: str) -> None:
    with pytest.raises(CoordonneeInvalide):
        telephone(typed)


def test_mobile_begins_by_six_or_seven() -> None:
    assert telephone("07 00 00 00 00", mobile=True) == "0700000000"
    with pytest.raises(CoordonneeInvalide) as refusal:
        telephone("05 61 00 00 00", mobile=True)
    assert refusal.value.code == "mobile"


def test_postal_code_follows_the_country() -> None:
    assert (code_postal("31 000", "FR"), code_postal("97411", "FR"), code_postal("sw1a 1aa", "GB")) == (
        "31000",
        "97411",
        "SW1A 1AA",
    )
    for bad in ("3100", "00100", "99999", "ABCDE"):
        with pytest.raises(CoordonneeInvalide):
            code_postal(bad, "FR")


@pytest.mark.parametrize(
    "bad", ["a@b", "a b@c.fr", "=cmd@x.fr", "+a@x.fr", "a@@x.fr", "a@x..fr", "@x.fr", "a@x.f"]
)
def test_email_refuses_what_is_not_one(bad: str) -> None:
    with pytest.raises(CoordonneeInvalide):
        email(bad)


def test_email_keeps_its_local_part_and_lowers_its_domain() -> None:
    assert email(" Claire.Lefevre@Poste.EXAMPLE ") == "Claire.Lefevre@poste.example"


def test_a_line_that_begins_like_a_formula_is_no_address() -> None:
    assert ligne("  12   rue des Lilas ") == "12 rue des Lilas"
    for bad in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", " =1", "a\u202eb"):
        with pytest.raises(CoordonneeInvalide):
            ligne(bad)


def test_mask_says_enough_and_no_more() -> None:
    assert masque("email", {"email": "claire@poste.example"}) == "c…@poste.example"
    assert masque("telephone_mobile", {"telephone_mobile": "06 12 34 56 78"}) == "06…78"
    adresse = {"adresse_1": "12 rue des Lilas", "code_postal": "31000", "ville": "Toulouse"}
    assert masque("adresse", adresse) == "1…, 31000 Toulouse"
    assert masque("email", {}) == ""


def test_same_value_written_otherwise_is_no_change() -> None:
    assert identique(
        "telephone_mobile", {"telephone_mobile": "+33 6 12 34 56 78"}, {"telephone_mobile": "0612345678"}
    )
    assert identique("email", {"email": "A@x.fr"}, {"email": "a@x.fr"})
    assert identique("adresse", {"ville": "TOULOUSE"}, {"ville": "Toulouse", "pays": "FR"})
    assert not identique("adresse", {"ville": "Toulouse"}, {"ville": "Albi"})
    assert telephone_lisible("0612345678") == "06 12 34 56 78" and telephone_lisible("0032470") == "0032470"


@pytest.mark.parametrize("cell", ["=1+1", "+33", "-1", "@x", "\t=1", "\r=1", "\n=1", "  =1", "\uff1dx"])
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert neutralise(cell).startswith("'")


def test_proof_is_told_by_its_first_bytes() -> None:
    assert justificatifs.nature(b"%PDF-1.7") == ("application/pdf", ".pdf")
    assert justificatifs.nature(b"\xff\xd8\xff\xe0") == ("image/jpeg", ".jpg")
    assert justificatifs.nature(b"\x89PNG\r\n\x1a\n") == ("image/png", ".png")
    for other in (b"PK\x03\x04", b"<svg ", b"GIF89a", b"MZ", b" %PDF-", b""):
        assert justificatifs.nature(other) is None


def test_name_of_a_proof_is_harmless() -> None:
    assert justificatifs.nom_sur("../../=cmd|été 2026.PDF.exe", ".pdf") == "cmd-ete-2026-PDF.pdf"
    assert justificatifs.nom_sur("C:\\x\\…", ".png") == "justificatif.png"


def test_period_of_a_proof() -> None:
    jour = date(2026, 11, 23)
    assert justificatifs.periode_valable(date(2026, 9, 1), date(2027, 8, 31), jour) == ""
    assert justificatifs.periode_valable(date(2027, 9, 1), date(2026, 8, 31), jour) == "inversee"
    assert justificatifs.periode_valable(date(2024, 9, 1), date(2025, 8, 31), jour) == "passee"
    assert justificatifs.periode_valable(date(2026, 9, 1), date(2036, 8, 31), jour) == "longue"


def test_texts_of_consents_never_change_under_their_version() -> None:
    """A changed text needs a new version: the digests already kept as proofs must still find theirs."""
    known = {
        genre: [(version, consentements.empreinte(texte)[:12]) for version, texte in regle.textes]
        for genre, regle in consentements.REGLES.items()
    }
    assert known == EMPREINTES


EMPREINTES: dict[str, list[tuple[str, str]]] = {
    "quittance": [("1", "62b4ed840330")],
    "appel_de_fonds": [("1", "a068844f4133")],
    "notification": [("1", "4991c1b60b96")],
    "annexes": [("1", "2b5165a56a0d")],
    "compte_rendu": [("1", "9aa05f1715ca")],
}


def test_what_is_asked_follows_the_capacity_and_the_agence() -> None:
    asked = lambda qualites, choix: [r.genre for r in consentements.regles_pour(qualites, choix)]  # noqa: E731
    assert asked({"locataire"}, {}) == ["quittance"]
    assert asked({"coproprietaire"}, {}) == ["appel_de_fonds", "notification"]
    assert asked({"coproprietaire"}, {"annexes": True, "notification": False}) == [
        "appel_de_fonds",
        "annexes",
    ]
    assert asked(set(), {}) == []


def test_electronic_by_default_only_where_the_law_says_so() -> None:
    regles = consentements.REGLES
    assert [g for g, r in regles.items() if consentements.est_electronique(r, None)] == ["notification"]
    assert consentements.est_electronique(regles["quittance"], "donne")
    assert not consentements.est_electronique(regles["notification"], "retire")
