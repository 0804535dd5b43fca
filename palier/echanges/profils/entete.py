"""The header of an export, compared with the one its profile was written for: a shift is never silent."""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from .constats import Constat, Gravite, refuse

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'"})


@dataclass(frozen=True)
class Entete:
    """The columns a source declares. `alias` gives the other spellings of a declared column."""

    colonnes: tuple[str, ...]
    requises: tuple[str, ...]
    alias: Mapping[str, tuple[str, ...]]
    inconnues: str = "refuser"
    casse: str = "ignorer"
    chercher: int = 0

    def key(self, name: str) -> str:
        """A name as it is compared: one kind of apostrophe and blank, case as the profile says."""
        text = " ".join(unicodedata.normalize("NFC", name).translate(_APOSTROPHES).split())
        return text if self.casse == "respecter" else text.casefold()

    @property
    def signature(self) -> str:
        """Sixteen hexadecimal digits that stand for the declared columns, whatever their order."""
        names = "\n".join(sorted(self.key(c) for c in self.colonnes))
        return hashlib.sha256(names.encode()).hexdigest()[:16]

    def spellings(self) -> dict[str, str]:
        """Every accepted spelling, and the declared column that it stands for."""
        found: dict[str, str] = {}
        for colonne in self.colonnes:
            for name in (colonne, *self.alias.get(colonne, ())):
                found.setdefault(self.key(name), colonne)
        return found


@dataclass(frozen=True)
class Correspondance:
    """Where each declared column is in the file (None: absent), and how many cells a line has.

    `brute` counts the empty cells at the end of the header too.
    """

    positions: tuple[int | None, ...]
    largeur: int
    brute: int
    constats: tuple[Constat, ...] = ()

    def pick(self, cells: Sequence[str]) -> list[str]:
        """The declared cells of a line, an absent one being empty. The line must be wide enough."""
        return [cells[p] if p is not None else "" for p in self.positions]


def trimmed(cells: Sequence[str]) -> list[str]:
    """The cells of a header without the empty ones at its end."""
    names = [c.strip() for c in cells]
    while names and not names[-1]:
        names.pop()
    return names


def named(cells: Sequence[str]) -> list[str]:
    """The titles of a header as a profile may name them: an empty one by its place, a repeated one by its rank."""
    seen: dict[str, int] = {}
    names = []
    for i, title in enumerate(cells, start=1):
        name = " ".join(title.split()) or f"(colonne {i} sans titre)"
        count = seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
        names.append(name if count == 1 else f"{name} ({count})")
    return names


def looks_like(found: Sequence[str], entete: Entete) -> bool:
    """Whether a line holds every required column."""
    spellings = entete.spellings()
    here = {spellings.get(entete.key(c)) for c in (*found, *named(trimmed(found)))}
    return all(r in here for r in entete.requises)


def match_header(found: Sequence[str], entete: Entete, nom: str, ligne: int) -> Correspondance:
    """Place the declared columns. Raises ProfilRefuse naming the columns gone and the columns new."""
    names = trimmed(found)
    spellings = entete.spellings()
    places: dict[str, int] = {}
    unknown: list[str] = []
    for i, (name, own) in enumerate(zip(names, named(names), strict=True)):
        declared = spellings.get(entete.key(own)) or spellings.get(entete.key(name))
        if declared is None:
            unknown.append(name or _("(colonne {rang} sans titre)").format(rang=i + 1))
        elif declared in places:
            raise refuse(
                "colonne_double",
                _("La colonne « {nom} » figure deux fois dans l'en-tête.").format(nom=declared),
                nom,
                ligne,
            )
        else:
            places[declared] = i
    gone = [c for c in entete.requises if c not in places]
    if gone or (unknown and entete.inconnues == "refuser"):
        changed = refuse("entete_change", _changed(gone, unknown), nom, ligne)
        changed.ecart = (len(gone), len(unknown), len(entete.requises))
        raise changed
    constats: tuple[Constat, ...] = ()
    if unknown and entete.inconnues == "signaler":
        message = _("Colonnes que le profil ne connaît pas, laissées de côté : {noms}.").format(
            noms=_listed(unknown)
        )
        constats = (Constat("colonnes_inconnues", Gravite.ALERTE, message, nom, ligne),)
    return Correspondance(tuple(places.get(c) for c in entete.colonnes), len(names), len(found), constats)


def _listed(names: Sequence[str]) -> str:
    shown = [f"« {n[:60]} »" for n in names[:30]]
    return ", ".join(shown) + (" …" if len(names) > 30 else "")


def _changed(gone: Sequence[str], new: Sequence[str]) -> str:
    parts = [_("L'en-tête n'est pas celui pour lequel le profil a été écrit.")]
    if gone:
        parts.append(_("Colonnes disparues : {noms}.").format(noms=_listed(gone)))
    if new:
        parts.append(_("Colonnes nouvelles : {noms}.").format(noms=_listed(new)))
    parts.append(_("Corrigez l'export, ou mettez le profil à jour."))
    return " ".join(parts)
