"""Third parties' samples, when PALIER_ECHANTILLONS names their folder: every file is read to the cent, or refused in words.

Each is counted here by the plainest reading there is, which shares no line with the readers.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from palier.echanges.profils import ProfilRefuse, shipped_profiles
from tests.echanges.profils.outils import ECHANTILLONS, run

FICHIERS = sorted(p for p in ECHANTILLONS.glob("*") if p.is_file())
pytestmark = pytest.mark.skipif(not FICHIERS, reason="PALIER_ECHANTILLONS names no folder of samples")
Compte = tuple[int, Decimal, Decimal]
_SURPOINCONS = dict(zip("{ABCDEFGHI}JKLMNOPQR", [*range(10), *range(10)], strict=True))


def count_fec(path: Path) -> Compte:
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    rows = [line for line in text.splitlines() if line.strip()]
    mark = "|" if "|" in rows[0] else "\t"
    cells = [[c.strip().replace(",", ".") for c in row.split(mark)] for row in rows[1:]]
    return len(cells), _sum(c[11] for c in cells), _sum(c[12] for c in cells)


def _sum(texts: object) -> Decimal:
    return sum((Decimal(t or "0") for t in texts), Decimal(0))  # type: ignore[attr-defined]


def count_cfonb(path: Path) -> Compte:
    """Records of 120 characters; 04 is a movement, its amount is at 91-104, its last figure carries the sign."""
    text = path.read_bytes().decode("latin-1").replace("\r", "").replace("\n", "")
    debit = credit = Decimal(0)
    found = 0
    for at in range(0, len(text) - 119, 120):
        record = text[at : at + 120]
        if record[:2] != "04":
            continue
        decimals, amount = int(record[19]), record[90:104]
        value = Decimal(amount[:13] + str(_SURPOINCONS[amount[13]])) / 10**decimals
        found += 1
        if amount[13] in "}JKLMNOPQR":
            debit += value
        else:
            credit += value
    return found, debit, credit


def count_camt(path: Path) -> Compte:
    """One movement for each detail of an entry whose details give it, else one for the entry."""
    root = ElementTree.parse(path).getroot()  # noqa: S314
    bare = {e: re.sub(r"\{.*\}", "", e.tag) for e in root.iter()}
    debit = credit = Decimal(0)
    found = 0
    for entry in (e for e in root.iter() if bare[e] == "Ntry"):
        amount = Decimal(next(c.text or "" for c in entry if bare[c] == "Amt"))
        if next(c.text for c in entry if bare[c] == "CdtDbtInd") == "DBIT":
            debit += amount
        else:
            credit += amount
        found += max(sum(1 for e in entry.iter() if bare[e] == "TxDtls"), 1)
    return found, debit, credit


COMPTEURS: dict[str, Callable[[Path], Compte]] = {
    "fec-generique": count_fec, "cfonb120": count_cfonb, "camt053": count_camt,
}  # fmt: skip


def profile_of(path: Path) -> str | None:
    """The profile that a sample is for, by its name."""
    name = path.name.lower()
    if re.search(r"\d{9,10}fec\d{8}", name):
        return "fec-generique"
    return next((p for p in ("cfonb120", "camt053") if name.startswith(p)), None)


@pytest.mark.parametrize("path", FICHIERS, ids=lambda p: p.name)
@pytest.mark.parametrize("profil", sorted(shipped_profiles()) if FICHIERS else [])
def test_every_profile_reads_every_sample_to_the_cent_or_says_why_not(
    tmp_path: Path, path: Path, profil: str
) -> None:
    mine = profile_of(path) == profil
    # Every account is a client's: nothing is filtered, so that the whole file is compared.
    every = {"comptes_locataires": "^"} if profil == "fec-generique" else {}
    try:
        found = run([profil], [path], tmp_path, **every)
    except ProfilRefuse as refus:
        assert not mine, [c.message for c in refus.constats]
        assert all(c.message for c in refus.constats)
        assert not (tmp_path / "dossier.zip").exists()
        return
    assert mine, "a profile took a file that is not for it"
    (rapprochement,) = found.resultat.rapprochements
    lines, debit, credit = COMPTEURS[profil](path)
    read = rapprochement.reprises
    assert (read.lignes, read.debit, read.credit) == (lines, debit, credit)
    if profil == "fec-generique":
        assert (len(found.table("mouvements")), found.total("debit"), found.total("credit")) == (
            lines,
            debit,
            credit,
        )
        assert found.total("solde", "comptes") == debit - credit
