"""What arrives in a draft: each file of a sending becomes a file of the plan, looked at once to propose how to read it."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from palier.core.errors import BusinessError
from palier.core.vault import AgenceKey
from palier.echanges.profils import ProfilRefuse
from palier.echanges.profils.constats import Constat
from palier.echanges.profils.lecteurs import Piece

from .chantier import Chantier, keep
from .lecture import columns, detect
from .plan import FICHIERS_MAX, Fichier, Plan

#: What the assistant takes at most, in bytes: a normal export of one list is far under it.
ENVOI_MAX = 64 * 1024 * 1024
_LUS = (".csv", ".txt", ".tsv", ".xlsx", ".dat", ".prn", ".asc", ".fec", "")
_MOTS = {
    "pdf": ("courrier", "document"), "ecritures": ("livre", "ecriture", "mouvement", "mvt", "journal"), "fec": ("fec",),
    "contacts": ("contact", "annuaire", "tiers", "email", "mail"), "locataires": ("locat", "loc_", "baux", "bail"),
    "bailleurs": ("bailleur", "mandant", "mandat", "proprietaire"), "coproprietaires": ("copro",),
    "comptes": ("compte", "solde", "balance"),
}  # fmt: skip


def too_big() -> BusinessError:
    """The refusal of a file past the assistant's limit."""
    message = _(
        "Ce fichier dépasse 64 Mio : calibrez sur un extrait plus court, l’import de nuit prendra l’export entier."
    )
    return BusinessError("export_trop_gros", message, status=413)


def receive(
    key: AgenceKey, plan: Plan, content: IO[bytes], nom: str, size: int
) -> tuple[list[Fichier], list[Constat]]:
    """Keep a sending and add its files to the plan; return them, and what was left aside.

    Raises BusinessError when nothing of it can be read: it is then not kept.
    """
    if size > ENVOI_MAX:
        raise too_big()
    shown = (
        "".join(c for c in nom.replace("\\", "/").rpartition("/")[2] if c.isprintable())[-150:] or "export"
    )
    address, kept = keep(key, content)
    plan.envois.append({"adresse": address, "octets": kept, "nom": shown})
    rank = len(plan.envois) - 1
    aside: list[Constat] = []
    with tempfile.TemporaryDirectory(prefix="calibrage-") as folder:
        try:
            pieces = Chantier(key, plan, Path(folder)).sent(rank)
        except ProfilRefuse as refus:
            return [], list(refus.constats)
        found = _files(plan, rank, pieces, aside)
    plan.fichiers += found
    return found, aside


def _files(plan: Plan, envoi: int, pieces: Sequence[Piece], aside: list[Constat]) -> list[Fichier]:
    rank = plan.next_rank()
    found: list[Fichier] = []
    papers = [p for p in pieces if p.nom.lower().endswith(".pdf")]
    for piece in pieces:
        if piece.nom.lower().endswith(".pdf"):
            continue
        if Path(piece.nom).suffix.lower() not in _LUS:
            aside.append(_aside(piece, _("ce format n’est pas lu : enregistrez-le en .csv, .txt ou .xlsx")))
            continue
        if len(plan.fichiers) + len(found) >= FICHIERS_MAX:
            aside.append(_aside(piece, _("vingt fichiers au plus")))
            continue
        one = Fichier(rank + len(found), envoi, piece.nom, piece.nom.rpartition("/")[2])
        try:
            one.lecture = detect(piece.chemin, piece.nom)
            one.nature = "fec" if one.lecture.type == "fec" else nature_of(piece.nom, plan)
            if one.lecture.type != "fec" and one.lecture.titres:
                one.colonnes = columns(piece.chemin, piece.nom, one.lecture)
        except ProfilRefuse as refus:
            aside += refus.constats
            continue
        found.append(one)
    if papers:
        one = Fichier(rank + len(found), envoi, "*.pdf", papers[0].nom.rpartition("/")[2], "pdf")
        one.etape, one.reglages.facultative = "reglages", True
        found.append(one)
    return found


def _aside(piece: Piece, reason: str) -> Constat:
    from palier.echanges.profils.constats import Gravite

    return Constat("fichier_ecarte", Gravite.ALERTE, reason, piece.nom)


def nature_of(nom: str, plan: Plan) -> str:
    """The kind of source that a file name suggests, to be confirmed."""
    low = nom.casefold()
    for nature, words in _MOTS.items():
        if nature != "pdf" and any(w in low for w in words):
            return nature
    return "" if plan.fichiers else "comptes"
