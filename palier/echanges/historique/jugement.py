"""Whether an import may be taken back, and the sentence that says why not.

Only the last import of a unit may: what came later was compared with what this one wrote.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.dates import date_courte, now
from palier.core.errors import BusinessError
from palier.echanges.enums import EtatImport
from palier.echanges.historique.calcul import touched_units
from palier.echanges.historique.enums import EtatAnnulation
from palier.echanges.historique.models import Annulation
from palier.echanges.models import Import

#: How long the former state of rows is kept, in days.
GARDE_JOURS = 90
EN_LIGNE = (EtatImport.APPLIQUE, EtatImport.PARTIEL)


def cancelled_units(actor: Actor, import_id: UUID) -> set[UUID] | None:
    """The units of an import that were taken back already; None when all of them were."""
    rows = Annulation.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, import_id=import_id, etat=EtatAnnulation.FAITE
    )
    found: set[UUID] = set()
    for unites in rows.values_list("unites", flat=True):
        if unites is None:
            return None
        found |= {UUID(u) for u in unites}
    return found


def _speaks_for(actor: Actor, later: Import, unite: UUID) -> bool:
    """Whether a later import gave this unit, and still stands for it."""
    portee: dict[str, Any] = later.bilan.get("portee") or {"unites": None, "tenues": []}
    if str(unite) in portee["tenues"]:
        return False
    given = portee["unites"] is None or str(unite) in portee["unites"]
    if not given and unite not in touched_units(later.agence_id, later.id):
        return False
    gone = cancelled_units(actor, later.id)
    return gone is not None and unite not in gone


def _later(actor: Actor, row: Import) -> list[Import]:
    rows = Import.objects.visible_to(actor).filter(
        agence_id=row.agence_id, source_id=row.source_id, etat__in=EN_LIGNE, fin_le__gt=row.fin_le
    )
    return list(rows.exclude(id=row.id).order_by("fin_le"))


def repeated(actor: Actor, row: Import) -> list[Import]:
    """The imports of the same content that came after and wrote nothing: they fall with it."""
    return [
        later
        for later in _later(actor, row)
        if row.empreinte and later.empreinte == row.empreinte and not touched_units(later.agence_id, later.id)
    ]


def kept_days(agence_id: UUID) -> int:
    """Return how many days an agence keeps the former states of its rows: its own choice, ``GARDE_JOURS`` at most."""
    chosen = Agence.objects.values_list("versions_jours", flat=True).get(id=agence_id)
    return min(chosen, GARDE_JOURS)


def _refuse(code: str, message: str) -> BusinessError:
    return BusinessError(code, message, status=409)


def judge(actor: Actor, row: Import, unites: tuple[UUID, ...] | None) -> tuple[UUID, ...] | None:
    """Return the units to take back (None: all). Raises BusinessError, with the sentence, when it may not be."""
    if row.etat == EtatImport.ANNULE:
        raise _refuse("import_deja_annule", _("Cet import est déjà annulé."))
    if row.etat not in EN_LIGNE or row.fin_le is None or row.source_id is None:
        raise _refuse("import_sans_effet", _("Cet import n’a rien mis en ligne : il n’y a rien à annuler."))
    if row.fin_le < now() - timedelta(days=kept_days(actor.agence_id)):
        raise _refuse(
            "import_trop_ancien",
            _(
                "Cet import date du %(date)s : au-delà de %(jours)d jours, l’état précédent n’est plus gardé. "
                "Envoyez un nouveau dossier."
            )
            % {"date": date_courte(row.fin_le), "jours": kept_days(actor.agence_id)},
        )
    if row.bilan.get("portee") is None:
        raise _refuse(
            "import_sans_version",
            _("L’état précédent de cet import n’a pas été gardé : envoyez un nouveau dossier."),
        )
    touched = touched_units(row.agence_id, row.id)
    gone = cancelled_units(actor, row.id) or set()
    if unites is not None:
        unknown = [u for u in unites if u not in touched]
        if unknown or not unites:
            raise _refuse("unite_inconnue", _("Cet import n’a rien changé dans cette unité."))
        if set(unites) <= gone:
            raise _refuse("unite_deja_annulee", _("Cet import est déjà annulé pour cette unité."))
    wanted = set(touched if unites is None else unites) - gone
    same = {later.id for later in repeated(actor, row)}
    for later in _later(actor, row):
        if later.id in same:
            continue
        if not touched or any(_speaks_for(actor, later, unite) for unite in wanted):
            raise _refuse(
                "import_plus_recent",
                _("L’import « %(nom)s » du %(date)s a été mis en ligne depuis : annulez-le d’abord.")
                % {"nom": later.nom_fichier, "date": date_courte(later.fin_le or later.recu_le)},
            )
    return None if wanted == touched else tuple(sorted(wanted))
