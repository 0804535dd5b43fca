"""Runs the retention rules, one after the other, and leaves the proof of each run."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from palier.core.action import writing
from palier.core.dates import now
from palier.courrier.actions import clean as clean_mail
from palier.vie_privee.comptes.demande import erase_due, handle_inactive
from palier.vie_privee.droits_personnes.exports import purge_exports
from palier.vie_privee.droits_personnes.garde import forget_requests
from palier.vie_privee.menage import clean as clean_privacy
from palier.vie_privee.models import Communication, ExecutionRegle

PRESCRIPTION = timedelta(days=5 * 365 + 1)  # C. civ. art. 2224
JOURNAL = 12  # months (CNIL, délibération 2021-122: six to twelve)
GARDE_PREUVES = timedelta(days=3 * 365)


def _mail() -> int:
    clean_mail()
    return 0


def _privacy() -> int:
    clean_privacy()
    return 0


def _sessions() -> int:
    call_command("clearsessions", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("delete from account_emailconfirmation where created < now() - interval '3 days'")
        return int(cursor.rowcount)


def _proofs() -> int:
    limit = now() - PRESCRIPTION
    with transaction.atomic(), writing("conservation"), connection.cursor() as cursor:
        # An acceptance is kept while its account lives: it proves the contract in force.
        cursor.execute(
            "delete from vie_privee_acceptation a where a.le < %s and not exists "
            "(select 1 from accounts_account c where c.id = a.account_id)",
            [limit],
        )
        number = int(cursor.rowcount)
        number += Communication.objects.filter(demandee_le__lt=limit).delete()[0]
        cursor.execute("delete from vie_privee_incident where clos_le < %s", [limit])
        return number + int(cursor.rowcount)


def _journal() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select palier_journal_oublier(%s)", [JOURNAL])
        return int(cursor.fetchone()[0])


def _versions() -> int:
    # The exchanges stand above this room: their own task purges them, by its name.
    return int(import_module("palier.echanges.historique.purge").purge_everywhere() or 0)


def _returns() -> int:
    # Their room stands beside this one: reached by its name, as the exchanges' is.
    return int(import_module("palier.retours.purge").purge_everywhere() or 0)


EXECUTEURS: dict[str, Callable[[], int]] = {
    "suppressions": erase_due,
    "comptes_inactifs": handle_inactive,
    "sessions": _sessions,
    "menage_courrier": _mail,
    "menage_vie_privee": _privacy,
    "preuves": _proofs,
    "demandes": lambda: forget_requests(now() - PRESCRIPTION),
    "copies": purge_exports,
    "journal": _journal,
    "versions": _versions,
    "retours": _returns,
}


def execute_all() -> dict[str, int]:
    """Run every rule that the portal executes; return what each erased. One that fails stops no other, and says so."""
    done: dict[str, int] = {}
    for name, run in EXECUTEURS.items():
        fault = ""
        try:
            done[name] = run()
        except (DatabaseError, OSError, ValueError) as error:
            done[name], fault = 0, type(error).__name__
        with transaction.atomic(), writing("conservation"):
            ExecutionRegle.objects.create(regle=name, le=now(), nombre=done[name], erreur=fault)
    with transaction.atomic(), writing("conservation"):
        ExecutionRegle.objects.filter(le__lt=now() - GARDE_PREUVES).delete()
    return done


def last_runs() -> dict[str, ExecutionRegle]:
    """Return the last run of each rule."""
    rows = ExecutionRegle.objects.order_by("regle", "-le").distinct("regle")
    return {row.regle: row for row in rows}
