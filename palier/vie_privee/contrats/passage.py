"""The daily round: contracts that reached their term end, those of the seventh day go."""

import logging
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from palier.agences.enums import StatutAgence
from palier.agences.models import Agence, FinContrat
from palier.core import dates, trousseau
from palier.core.action import writing
from palier.core.actor import Actor, Role
from palier.core.tenancy import open_actor
from palier.courrier.envois import defer
from palier.vie_privee.contrats.actions import end_contract, tell_clients
from palier.vie_privee.effacement.etapes import NotYet, run
from palier.vie_privee.sauvegarde.rejeu import forget_erased

log = logging.getLogger(__name__)


def _actor() -> Actor:
    return Actor(role=Role.SYSTEME, reason="terme du contrat")


def end_those_due(jour: date) -> int:
    """End the contracts whose last day has passed; return how many."""
    due = Agence.objects.filter(contrat_fin__lt=jour).exclude(statut=StatutAgence.TERMINEE).order_by("id")
    found = list(due.values_list("id", "contrat_fin"))
    for agence_id, fin in found:
        with transaction.atomic():
            actor = _actor()
            open_actor(actor)
            end_contract(actor, agence_id, fin)
    return len(found)


def erase_those_due(jour: date) -> int:
    """Erase the agences whose seventh day has come; one that resists does not hold the others up. Return how many."""
    rows = FinContrat.objects.filter(annule_le=None, termine_le=None, efface_le__lte=jour).order_by(
        "efface_le", "id"
    )
    done = 0
    for fin_id in list(rows.values_list("id", flat=True)):
        try:
            run(fin_id)
            done += 1
        except NotYet:
            continue
        except Exception:
            # Told, and tried again at the next round: the steps done are kept.
            log.exception("effacement de l’agence interrompu : %s", fin_id)
    return done


def go_round() -> None:
    """End, erase, and copy the list of erased accounts beside the keyring. Safe to run at any time."""
    jour = dates.today()
    end_those_due(jour)
    erase_those_due(jour)
    copy_erased_accounts()
    forget_erased()


def copy_erased_accounts() -> None:
    """Put in the keyring's folder the digests of the accounts erased: a restored backup must not bring them back."""
    known = trousseau.erased()
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('vie_privee_compteefface')")
        if cursor.fetchone()[0] is None:
            return
        cursor.execute("select empreinte, le from vie_privee_compteefface order by le")
        for empreinte, le in cursor.fetchall():
            if (trousseau.COMPTE, empreinte) not in known:
                trousseau.record(trousseau.COMPTE, empreinte, le)


def tell_next(fin_id: str, apres: str) -> None:
    """Mail some hundreds of clients, then queue the rest."""
    with transaction.atomic(), writing("fin_contrat"):
        last = tell_clients(UUID(fin_id), UUID(apres))
        if last is not None:
            defer("vie_privee.prevenir_fin", fin_id=fin_id, apres=str(last))
