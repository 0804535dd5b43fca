"""Proposes a field for each column, from its title and from its values, and says why. Never chooses silently."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from palier.core.actor import Actor
from palier.patrimoine.models import Tiers

from .champs import CHAMPS, Nature
from .glossaire import glossary, key
from .modele import Connecteur
from .valeurs import plausible, recognise

#: Which fields a kind of value may fill, the likeliest first.
_PAR_GENRE: dict[str, tuple[str, ...]] = {
    "email": ("tiers.email",),
    "iban": ("comptes.iban_masque",),
    "rnc": ("coproprietes.immatriculation_rnc",),
    "telephone": ("tiers.telephone_mobile", "tiers.telephone_fixe"),
    "compte": ("comptes.numero",),
    "siren": ("tiers.siren",),
    "code_postal": ("tiers.code_postal",),
    "sens": ("mouvements.sens",),
    "civilite": ("tiers.civilite",),
    "date": ("mouvements.le", "baux.debut", "detentions.debut", "mandats.debut", "comptes.solde_le"),
    "montant": ("mouvements.montant", "comptes.solde"),
}
#: Kinds whose fields refuse other values: a title alone is not enough against them.
_STRICTS = {"date", "montant", "email", "iban", "telephone"}


@dataclass(frozen=True)
class Suggestion:
    """A field proposed for a column (empty: none), with its reason."""

    cle: str = ""
    raison: str = ""


def _fits(cle: str, kinds: Collection[str], values: Sequence[str]) -> bool:
    """Whether the values do not contradict the field."""
    genre = CHAMPS[cle].genre
    if genre in kinds or not any(values):
        return True
    if genre in _STRICTS:
        return plausible(genre, values)
    return not set(kinds) & _STRICTS or genre in {"compte", "code", "libelle", "adresse"}


def suggest(
    connecteur: Connecteur,
    nature: Nature,
    titles: Sequence[str],
    values: Sequence[Sequence[str]],
    known: Collection[str],
) -> list[Suggestion]:
    """One suggestion for each column; a field is proposed once. `known`: names of persons on line, compared form."""
    words = {key(m.mot): m for m in connecteur.vocabulaire if m.cible}
    taken: set[str] = set()
    found: list[Suggestion] = [Suggestion() for _t in titles]
    kinds = [recognise(v) for v in values]
    for strong in (True, False):
        for i, title in enumerate(titles):
            if found[i].cle:
                continue
            suggestion = (
                _by_title(title, nature, taken, words, connecteur, {t.genre for t in kinds[i]}, values[i])
                if strong
                else _by_values(nature, taken, kinds[i], values[i], known)
            )
            if suggestion.cle:
                found[i] = suggestion
                taken.add(suggestion.cle)
    return found


def _by_title(
    title: str, nature: Nature, taken: set[str], words: dict[str, Any], connecteur: Connecteur,
    kinds: Collection[str], values: Sequence[str],
) -> Suggestion:  # fmt: skip
    mot = words.get(key(title))
    if mot is not None and mot.cible in nature.champs and mot.cible not in taken:
        reason = _("« {mot} » : mot connu de {nom} ({sens})").format(
            mot=mot.mot, nom=connecteur.nom, sens=mot.sens
        )
        return Suggestion(mot.cible, reason)
    for cle in glossary().get(key(title), ()):
        if cle in nature.champs and cle not in taken and _fits(cle, kinds, values):
            return Suggestion(cle, _("le titre est dans notre glossaire du métier"))
    return Suggestion()


def _by_values(
    nature: Nature, taken: set[str], kinds: Sequence[Any], values: Sequence[str], known: Collection[str]
) -> Suggestion:
    for kind in kinds:
        for cle in _PAR_GENRE.get(kind.genre, ()):
            if cle in nature.champs and cle not in taken:
                return Suggestion(cle, str(kind.raison))
    names = [v for v in values if v]
    if names and "tiers.nom" in nature.champs and "tiers.nom" not in taken:
        same = sum(1 for v in names if compared(v) in known)
        if same * 5 >= len(names):
            reason = _("{n} de ces noms sont ceux de personnes déjà en ligne").format(n=same)
            return Suggestion("tiers.nom", reason)
    return Suggestion()


def compared(name: str) -> str:
    """A name as it is compared: no accent, no case, no order of its words."""
    return " ".join(sorted(key(name).split()))


def known_names(actor: Actor, values: Sequence[Sequence[str]]) -> set[str]:
    """Among these values, the names of persons that this agence has on line, in compared form."""
    given = {v for column in values for v in column if v and not v[0].isdigit()}
    given |= {v.split()[0] for v in given}
    listed = sorted(v for v in given | {v.upper() for v in given} if 2 <= len(v) <= 80)[:4000]
    if not listed:
        return set()
    rows = Tiers.objects.visible_to(actor).filter(agence_id=actor.agence_id, archive_le__isnull=True)
    rows = rows.annotate(capitales=Upper("nom")).filter(Q(nom__in=listed) | Q(capitales__in=listed))
    found: set[str] = set()
    for nom, prenom in rows.order_by("nom", "id").values_list("nom", "prenom")[:2000]:
        found.add(compared(nom))
        found.add(compared(f"{nom} {prenom}"))
    return found
