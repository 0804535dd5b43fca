"""Whether an import may be taken back, and the sentence that says why not.

Only the last import of a unit may: what came later was compared with what this one wrote.
"""

from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from palier.agences.models import Agence
from palier.core.dates import date_courte, now
from palier.core.errors import BusinessError
from palier.echanges.enums import EtatImport
from palier.echanges.historique.faits import EN_LIGNE, Faits
from palier.echanges.models import Import

#: How long the former state of rows is kept, in days.
GARDE_JOURS = 90


def kept_days(agence_id: UUID) -> int:
    """Return how many days an agence keeps the former states of its rows: its own choice, ``GARDE_JOURS`` at most."""
    chosen = Agence.objects.values_list("versions_jours", flat=True).get(id=agence_id)
    return min(chosen, GARDE_JOURS)


def _refuse(code: str, message: str) -> BusinessError:
    return BusinessError(code, message, status=409)


def judge(row: Import, faits: Faits, unites: tuple[UUID, ...] | None) -> tuple[UUID, ...] | None:
    """Return the units to take back (None: all). Raises BusinessError, with the sentence, when it may not be."""
    jours = min(faits.versions_jours, GARDE_JOURS)
    if row.etat == EtatImport.ANNULE:
        raise _refuse("import_deja_annule", _("Cet import est déjà annulé."))
    if row.etat not in EN_LIGNE or row.fin_le is None or row.source_id is None:
        raise _refuse("import_sans_effet", _("Cet import n’a rien mis en ligne : il n’y a rien à annuler."))
    if row.fin_le < now() - timedelta(days=jours):
        raise _refuse(
            "import_trop_ancien",
            _(
                "Cet import date du %(date)s : au-delà de %(jours)d jours, l’état précédent n’est plus gardé. "
                "Envoyez un nouveau dossier."
            )
            % {"date": date_courte(row.fin_le), "jours": jours},
        )
    if row.bilan.get("portee") is None:
        raise _refuse(
            "import_sans_version",
            _("L’état précédent de cet import n’a pas été gardé : envoyez un nouveau dossier."),
        )
    touched, gone = faits.touchees, faits.deja
    if unites is not None:
        unknown = [u for u in unites if u not in touched]
        if unknown or not unites:
            raise _refuse("unite_inconnue", _("Cet import n’a rien changé dans cette unité."))
        if set(unites) <= gone:
            raise _refuse("unite_deja_annulee", _("Cet import est déjà annulé pour cette unité."))
    wanted = (touched if unites is None else set(unites)) - gone
    for later in faits.suivants:
        if later.redite:
            continue
        if not touched or any(later.speaks_for(unite) for unite in wanted):
            raise _refuse(
                "import_plus_recent",
                _("L’import « %(nom)s » du %(date)s a été mis en ligne depuis : annulez-le d’abord.")
                % {"nom": later.nom, "date": date_courte(later.le)},
            )
    return None if wanted == touched else tuple(sorted(wanted))
