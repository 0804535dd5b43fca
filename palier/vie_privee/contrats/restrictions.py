"""What an agence keeps closed: it decides, the floor obeys."""

from palier.acces.droits.calcul import recompute
from palier.acces.enums import QualiteEspace
from palier.agences.enums import FonctionPortail, GenreRestriction
from palier.agences.models import RestrictionAgence
from palier.core import dates, journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.trousseau import note_later
from palier.patrimoine.models import Copropriete

Choix = dict[str, set[str]]


def closed(actor: Actor) -> Choix:
    """Return what the agence keeps closed, by kind."""
    found: Choix = {genre: set() for genre in GenreRestriction.values}
    rows = RestrictionAgence.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    for genre, valeur in rows.values_list("genre", "valeur"):
        found[genre].add(valeur)
    return found


@action(Gesture.AGENCE_SETTINGS)
def choose_closed(actor: Actor, wanted: Choix) -> int:
    """Keep closed exactly what is ``wanted``; return how many things are. Raises Invisible for what is not the agence's."""
    agence_id = actor.agence_id
    known = Copropriete.objects.visible_to(actor).filter(agence_id=agence_id).values_list("id", flat=True)
    possible: Choix = {
        GenreRestriction.QUALITE.value: set(QualiteEspace.values),
        GenreRestriction.FONCTION.value: set(FonctionPortail.values),
        GenreRestriction.COPROPRIETE.value: {str(one) for one in known},
    }
    if any(wanted.get(genre, set()) - values for genre, values in possible.items()):
        raise Invisible
    present = closed(actor)
    changed = []
    for genre in possible:
        chosen = wanted.get(genre, set())
        rows = RestrictionAgence.objects.visible_to(actor).filter(agence_id=agence_id, genre=genre)
        rows.exclude(valeur__in=chosen).delete()
        for valeur in sorted(chosen - present[genre]):
            RestrictionAgence.objects.create(
                agence_id=agence_id, genre=genre, valeur=valeur, depuis=dates.now(), par=actor.account_id
            )
        changed += [f"{genre}:{v}" for v in sorted(chosen ^ present[genre])]
    if changed:
        recompute(agence_id)
        journal.record(
            actor,
            Gesture.AGENCE_SETTINGS,
            f"agence:{agence_id}",
            agence_id=agence_id,
            acte="restrictions",
            change=changed,
        )
        note_later(agence_id)
    return sum(len(values) for values in wanted.values())
