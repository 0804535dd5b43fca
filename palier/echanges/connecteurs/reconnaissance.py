"""Tells which calibrated profile an export was made for: by the signature of its headers, names only to decide between."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from django.utils.translation import gettext as _

from palier.echanges.profils.constats import Constat, Gravite, ProfilRefuse, Recueil
from palier.echanges.profils.lecteurs import LECTEURS as READERS
from palier.echanges.profils.lecteurs import Piece, Travail
from palier.echanges.profils.modele import Profil, Source

#: A header that kept this share of its columns is one that changed; under it, it is another file.
PROCHE = 0.5


class _Enough(Exception):
    """The header fits: the rest of the file needs not be read."""


@dataclass
class Lien:
    """What one profile makes of the files received."""

    nom: str
    profil: Profil
    attribution: dict[str, list[Piece]] = field(default_factory=dict)
    manquantes: list[str] = field(default_factory=list)
    ecarts: list[Constat] = field(default_factory=list)
    nommes: int = 0

    @property
    def complet(self) -> bool:
        return bool(self.attribution) and not self.manquantes and not self.ecarts


def fits_name(source: Source, piece: Piece) -> bool:
    """Whether the name of a file is one that the source expects."""
    return re.search("(?i)" + source.fichier, piece.nom) is not None


def read_header(source: Source, piece: Piece) -> ProfilRefuse | None:
    """None when the file is one of this source; else why not."""
    pdf = piece.nom.lower().endswith(".pdf")
    if source.type == "dossier_pdf" or pdf:
        return None if pdf and source.type == "dossier_pdf" else ProfilRefuse()
    if source.type == "fixe" and not source.options.get("ligne_de_titres") and not fits_name(source, piece):
        return ProfilRefuse()

    def stop(_line: int, _cells: Sequence[str], _whole: bool) -> NoReturn:
        raise _Enough

    try:
        READERS[source.type](Travail(source, piece, stop, Recueil()))
    except _Enough:
        return None
    except ProfilRefuse as refus:
        return refus
    return None


def link(nom: str, profil: Profil, pieces: Sequence[Piece]) -> Lien:
    """Give each file to the source of a profile whose header it has."""
    found = Lien(nom, profil)
    for piece in pieces:
        answers = {s.nom: read_header(s, piece) for s in profil.sources.values()}
        fitting = [profil.sources[n] for n, refus in answers.items() if refus is None]
        named = [s for s in fitting if fits_name(s, piece)]
        if len(named or fitting) == 1:
            chosen = (named or fitting)[0]
            found.attribution.setdefault(chosen.nom, []).append(piece)
            found.nommes += bool(named)
        elif fitting:
            message = _("« {nom} » peut être {sources} : donnez-lui son nom habituel.").format(
                nom=piece.nom, sources=_(" ou ").join(s.nom for s in fitting)
            )
            found.ecarts.append(Constat("source_ambigue", Gravite.BLOQUANTE, message, piece.nom))
        else:
            found.ecarts += _changed(profil, piece, answers)
    found.manquantes = [
        s.nom for s in profil.sources.values() if not s.facultative and s.nom not in found.attribution
    ]
    return found


def _changed(profil: Profil, piece: Piece, answers: Mapping[str, ProfilRefuse | None]) -> list[Constat]:
    """Why a file that has the name, or half of the columns, of a source is not read as one."""
    best: tuple[float, ProfilRefuse] | None = None
    for name, refus in answers.items():
        if refus is None or not refus.constats:
            continue
        gone, _new, wanted = refus.ecart or (1, 0, 1)
        share = 1 - gone / max(wanted, 1)
        named = fits_name(profil.sources[name], piece)
        if (named or share >= PROCHE) and (best is None or share > best[0]):
            best = (share, refus)
    return list(best[1].constats) if best else []


def choose(links: Sequence[Lien]) -> Lien:
    """The one profile that reads these files. Raises ProfilRefuse in plain words for none, or for several."""
    whole = [x for x in links if x.complet]
    if len(whole) > 1:
        most = max(x.nommes for x in whole)
        named = [x for x in whole if x.nommes == most and most]
        whole = named if len(named) == 1 else whole
    if len(whole) == 1:
        return whole[0]
    if whole:
        message = _(
            "Plusieurs profils calibrés reconnaissent ce fichier ({noms}) : retirez celui qui ne sert plus, "
            "ou donnez au fichier le nom habituel de son export."
        ).format(noms=", ".join(f"« {x.nom} »" for x in whole))
        raise ProfilRefuse(Constat("profils_plusieurs", Gravite.BLOQUANTE, message))
    near = [x for x in links if x.ecarts or x.attribution]
    if not near:
        message = _(
            "Ce fichier n'est ni un dossier, ni un export reconnu par un profil calibré de l'agence : "
            "calibrez-le dans « Connecteurs », ou vérifiez que c'est le bon fichier."
        )
        raise ProfilRefuse(Constat("profil_aucun", Gravite.BLOQUANTE, message))
    closest = max(near, key=lambda x: (len(x.attribution), bool(x.ecarts), x.nommes))
    raise ProfilRefuse(*_explained(closest))


def _explained(near: Lien) -> list[Constat]:
    head = _("Profil calibré « {nom} » : ").format(nom=near.nom)
    found = [Constat(c.code, c.gravite, head + c.message, c.fichier, c.ligne) for c in near.ecarts]
    if near.manquantes and not found:
        message = head + _("il manque dans cet envoi : {sources}.").format(sources=", ".join(near.manquantes))
        found.append(Constat("source_absente", Gravite.BLOQUANTE, message))
    return found
