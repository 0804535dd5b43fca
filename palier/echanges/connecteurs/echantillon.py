"""The anonymised sample of a calibration: a few accounts of the real export, every value replaced, in its own layout."""

import csv
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice

import openpyxl

from palier.core.cellules import neutralise
from palier.echanges.profils.valeurs import FEC

from .chantier import Chantier
from .lecture import Lecture, Rangee, body, slices
from .masques import Masques
from .plan import Fichier, Plan

COMPTES = 12
LIGNES = 60
LUES = 100_000
_FEC = {
    "CompteNum": "comptes.numero", "CompAuxNum": "tiers.id", "CompAuxLib": "tiers.nom", "CompteLib": "coproprietes.nom",
    "EcritureDate": "mouvements.le", "PieceDate": "mouvements.le", "ValidDate": "mouvements.le",
    "EcritureLib": "mouvements.libelle", "PieceRef": "mouvements.piece", "JournalCode": "mouvements.journal",
    "JournalLib": "mouvements.libelle", "EcritureNum": "mouvements.piece", "Debit": "mouvements.debit",
    "Credit": "mouvements.credit", "EcritureLet": "mouvements.lettrage",
}  # fmt: skip
#: An empty page: the smallest PDF that is one, with nothing in it.
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\nxref\n0 4\n0000000000 65535 f \n"
    b"0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


def as_table(fichier: Fichier) -> Fichier:
    """A FEC seen as a delimited file whose columns are known."""
    if fichier.nature != "fec":
        return fichier
    lecture = Lecture(
        "delimite", fichier.lecture.encodage or "utf-8-sig", fichier.lecture.separateur or "\t", titres=1
    )
    found = Fichier(fichier.rang, fichier.envoi, fichier.membre, fichier.nom, "fec", lecture, list(FEC))
    found.champs = {i: _FEC[n] for i, n in enumerate(FEC) if n in _FEC}
    found.reglages.dates["mouvements.le"] = "%Y%m%d"
    return found


def make_sample(plan: Plan, chantier: Chantier) -> bytes:
    """A zip of anonymised files, one for each file of the plan. Raises ProfilRefuse."""
    tables = {f.rang: as_table(f) for f in plan.prets if f.nature != "pdf"}
    rows = {
        r: list(islice(body(chantier.piece(f).chemin, f.nom, f.lecture), LUES)) for r, f in tables.items()
    }
    chosen = _accounts(tables, rows)
    kept = {r: _kept(tables[r], rows[r], chosen) for r in tables}
    masques = Masques(_originals(tables, kept))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for rank, fichier in tables.items():
            lines = [[_harmless(c) for c in _masked(fichier, cells, masques)] for _n, cells in kept[rank]]
            _put(archive, _file_name(fichier), _written(fichier, lines))
        for fichier in plan.prets:
            if fichier.nature == "pdf":
                for name in _papers(fichier, chantier, chosen, masques):
                    _put(archive, name, PDF + b"% " + name.encode() + b"\n")
    return out.getvalue()


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, content)


def _at(fichier: Fichier, cle: str) -> int:
    return next((i for i in sorted(fichier.champs) if fichier.champs[i] == cle), -1)


def _key(fichier: Fichier, cells: Sequence[str]) -> str:
    at = _at(fichier, "comptes.numero")
    return re.sub(r"[^0-9A-Z]", "", cells[at].upper()) if 0 <= at < len(cells) else ""


def _accounts(tables: dict[int, Fichier], rows: dict[int, list[Rangee]]) -> set[str]:
    """The first accounts whose lines, over all the files, make a small sample; all capacities are met."""
    counts: dict[str, int] = defaultdict(int)
    order: list[str] = []
    for rank, fichier in sorted(tables.items(), key=lambda i: i[1].nature in {"ecritures", "fec"}):
        for _n, cells in rows[rank]:
            found = _key(fichier, cells)
            if found and found not in counts:
                order.append(found)
            counts[found] += 1
    chosen: set[str] = set()
    total = 0
    by_head: dict[str, int] = defaultdict(int)
    for account in order:
        head = account[:3]
        if (
            len(chosen) < COMPTES
            and by_head[head] < COMPTES // 2
            and (total + counts[account] <= LIGNES or not chosen)
        ):
            chosen.add(account)
            by_head[head] += 1
            total += counts[account]
    return chosen


def _kept(fichier: Fichier, rows: list[Rangee], chosen: set[str]) -> list[Rangee]:
    return [r for r in rows if _key(fichier, r[1]) in chosen][: 3 * LIGNES] or rows[:5]


def _originals(tables: dict[int, Fichier], kept: dict[int, list[Rangee]]) -> list[str]:
    return [
        c
        for rank, f in tables.items()
        for _n, cells in kept[rank]
        for i, c in enumerate(cells)
        if c and i in f.champs
    ]


def _masked(fichier: Fichier, cells: Sequence[str], masques: Masques) -> list[str]:
    """A line with every value replaced; a column that no field takes is left empty."""
    made = []
    for i in range(len(fichier.colonnes)):
        value, cle = (cells[i] if i < len(cells) else ""), fichier.champs.get(i, "")
        if not cle:
            made.append("")
            continue
        forme = fichier.reglages.dates.get(cle, "%d/%m/%Y")
        made.append(masques.cell(cle, value, forme, fichier.reglages.valeurs.get(cle, ())))
    return made


def _harmless(cell: str) -> str:
    """A value that no spreadsheet runs; a signed number or telephone stays as the profile must read it again."""
    return cell if re.fullmatch(r"[+-]?[\d\s.,()€%-]*", cell) else neutralise(cell)


def _file_name(fichier: Fichier) -> str:
    return re.sub(r"\d", "1", fichier.nom.rpartition("/")[2]) or f"{fichier.source}.csv"


def _written(fichier: Fichier, lines: list[list[str]]) -> bytes:
    """The lines in the layout of the export: titles at their place, a total at the end when it has one."""
    lecture = fichier.lecture
    head = [["Titre"]] * max(lecture.titres - 1, 0) + ([list(fichier.colonnes)] if lecture.titres else [])
    if 0 <= lecture.pied_colonne < len(fichier.colonnes) and lecture.pied_texte:
        lines = [
            *lines,
            [lecture.pied_texte if i == lecture.pied_colonne else "" for i in range(len(fichier.colonnes))],
        ]
    if lecture.type == "xlsx":
        return _workbook(fichier, [*head, *lines])
    out = io.StringIO()
    if lecture.type == "fixe":
        cuts = slices(lecture)
        for cells in [*head, *lines]:
            out.write(
                "".join(
                    c[: s.stop - s.start].ljust(s.stop - s.start) for c, s in zip(cells, cuts, strict=False)
                )
                + "\r\n"
            )
    else:
        csv.writer(out, delimiter=lecture.separateur, lineterminator="\r\n").writerows([*head, *lines])
    return out.getvalue().encode(lecture.encodage or "cp1252", "replace")


def _workbook(fichier: Fichier, lines: list[list[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet((fichier.lecture.feuille or "Feuille")[:31])
    for cells in lines:
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _papers(fichier: Fichier, chantier: Chantier, chosen: set[str], masques: Masques) -> list[str]:
    """Names of PDFs, rebuilt piece by piece: account and date replaced, anything else made a plain word."""
    said = fichier.reglages.pdf
    mark = said.get("separateur", "_")
    found: list[str] = []
    for piece in chantier.pieces(fichier)[:2000]:
        parts = piece.nom.rpartition("/")[2][:-4].split(mark)
        rank = int(said.get("compte") or 1)
        account = parts[rank - 1] if 0 < rank <= len(parts) else ""
        if re.sub(r"[^0-9A-Z]", "", account.upper()) not in chosen:
            continue
        day = said.get("date", "")
        made = [
            masques.account(p) if i == rank
            else masques.cell("mouvements.le", p, said.get("date_format", "%Y-%m-%d")) if str(i) == day
            else f"document{len(found) + 1}"
            for i, p in enumerate(parts, start=1)
        ]  # fmt: skip
        found.append(mark.join(made) + ".pdf")
        if len(found) >= COMPTES:
            break
    return found
