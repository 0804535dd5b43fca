"""Write beside the keyring what a restore must not undo, and redo it in a restored base before the doors open (G6)."""

import json
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from palier.acces.droits.calcul import recompute
from palier.agences.enums import StatutAgence
from palier.agences.models import Agence
from palier.core import trousseau
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import open_actor
from palier.courrier.envois import defer
from palier.vie_privee.comptes.effacement import digest, portal_actor
from palier.vie_privee.droits_personnes.limitation import refresh_statistics
from palier.vie_privee.sauvegarde.suites import DES_AGENCES, DU_PORTAIL, Suite

RAISON = "rejeu après une restauration"


def note_decisions(agence_id: UUID | None, *, disparues: bool = False) -> int:
    """Copy what an agence's persons decided, or (None) the portal's, to the list; return how many are new or changed.

    ``disparues``: also write that a row noted once is gone. Only right after the act that took it away: in a base just
    restored, what is missing was lost, not lifted.
    """
    facts: trousseau.Suites = {}
    known = trousseau.noted() if disparues else {}
    with transaction.atomic():
        open_actor(Actor.system(agence_id, RAISON) if agence_id else portal_actor(RAISON))
        for suite in DES_AGENCES if agence_id else DU_PORTAIL:
            rows = _read(suite, agence_id)
            facts.update({(suite.genre, objet): row for objet, row in rows.items()})
            for (genre, objet), value in known.items() if suite.levee else ():
                mine = value.get("agence_id") == (str(agence_id) if agence_id else None)
                if genre == suite.genre and mine and objet not in rows:
                    facts[genre, objet] = {**value, suite.levee: True}
    return trousseau.note(facts)


def _read(suite: Suite, agence_id: UUID | None) -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"select q.objet, to_jsonb(q) - 'objet' from ({suite.lire}) q", {"agence": agence_id})
        rows = [(objet, json.loads(faits) if isinstance(faits, str) else faits) for objet, faits in cursor]
    own = {"agence_id": str(agence_id)} if agence_id else {}
    return {str(objet): {**faits, **own} for objet, faits in rows}


def note_everything() -> None:
    """The same for the portal and every agence: at each backup, and at night for what no act announced."""
    note_decisions(None)
    for agence_id in list(Agence.objects.order_by("id").values_list("id", flat=True)):
        note_decisions(agence_id)
    forget_erased()


def forget_erased() -> int:
    """Take out of the list what is about an agence or an account that is erased for good."""
    gone = trousseau.erased()

    def unwanted(_genre: str, faits: dict[str, Any]) -> bool:
        agence, account = faits.get("agence_id"), faits.get("account_id")
        if agence and (trousseau.AGENCE, str(agence)) in gone:
            return True
        return bool(account) and (trousseau.COMPTE, digest(UUID(str(account)))) in gone

    return trousseau.drop(unwanted)


def replay_decisions() -> int:
    """Redo everything that is noted, in the base as it is; return how many rows it took. Run twice, it does nothing more."""
    noted = trousseau.noted()
    done = 0
    with transaction.atomic(), writing("restauration"):
        open_actor(portal_actor(RAISON))
        before = _ended()
        done += _redo(DU_PORTAIL, noted, None)
        open_actor(portal_actor(RAISON))
        for agence_id in _ended() - before:  # its copy to hand over was made after the backup: made again
            defer("echanges.restituer", agence_id=str(agence_id))
    accounts = {
        UUID(faits["account_id"]) for (genre, _), faits in noted.items() if genre == "limitation_compte"
    }
    for agence_id in list(Agence.objects.order_by("id").values_list("id", flat=True)):
        with transaction.atomic(), writing("restauration"):
            open_actor(Actor.system(agence_id, RAISON))
            here = _redo(DES_AGENCES, noted, agence_id)
            if here:
                recompute(agence_id)
                accounts |= _restricted(agence_id)
            done += here
    with transaction.atomic(), writing("restauration"):
        refresh_statistics(portal_actor(RAISON), accounts)
    return done


def _restricted(agence_id: UUID) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.account_id from vie_privee_limitation l join acces_acces a on a.agence_id = l.agence_id and"
            " a.id = l.acces_id where l.agence_id = %s and a.account_id is not null",
            [agence_id],
        )
        return {row[0] for row in cursor.fetchall()}


def _ended() -> set[UUID]:
    rows = Agence.objects.filter(statut=StatutAgence.TERMINEE)
    return set(rows.order_by("id").values_list("id", flat=True))


def _redo(suites: tuple[Suite, ...], noted: trousseau.Suites, agence_id: UUID | None) -> int:
    done = 0
    for suite in suites:
        facts = [
            faits
            for (genre, _objet), faits in noted.items()
            if genre == suite.genre and (agence_id is None or faits.get("agence_id") == str(agence_id))
        ]
        with connection.cursor() as cursor:
            for statement in suite.statements() if facts else ():
                cursor.execute(statement, {"faits": json.dumps(facts), "agence": agence_id})
                done += cursor.rowcount
    return done


__all__ = ["forget_erased", "note_decisions", "note_everything", "replay_decisions"]
