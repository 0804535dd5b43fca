"""The journal: what was done, by whom, to what. Append-only, hash-chained per agence, checked by a command."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import connection

from palier.core.access import Gesture
from palier.core.actor import Actor
from palier.core.sql import prepared_cursor

PORTAL = UUID(int=0)  # chain of acts that belong to no agence
# Dated once the chain is held, not by the beginning of the transaction: that may lie in another month (migration 0005).
_LIGNE = """
insert into core_journal (chaine_id, sequence, le, gesture, role, account_id, acces_id, objet, detail, precedent,
  empreinte)
select %(j_chaine)s::uuid, 0, palier_journal_tenir(%(j_chaine)s::uuid), %(j_gesture)s::text, %(j_role)s::text,
  %(j_account)s::uuid, %(j_acces)s::uuid, %(j_objet)s::text, %(j_detail)s::text::jsonb, '', ''
"""


def record(
    actor: Actor,
    gesture: Gesture,
    objet: str,
    *,
    agence_id: UUID | None = None,
    acces_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Append one line; the last statement of an action, since it holds the agence's chain until commit.

    ``objet`` names the thing (``document:<id>``); ``detail`` holds facts, never a secret nor a free text.
    """
    _append(_LIGNE, {}, actor, gesture, objet, agence_id=agence_id, acces_id=acces_id, **detail)


def record_after(
    parts: str,
    params: Mapping[str, Any],
    actor: Actor,
    gesture: Gesture,
    objet: str,
    *,
    agence_id: UUID | None = None,
    acces_id: UUID | None = None,
    **detail: Any,
) -> None:
    """Do what ``parts`` say, and append the line that tells of it: one statement.

    ``parts``: the parts of a ``with``. The one named ``prealable`` gives one row once all is done: the line waits for
    it, since it holds the agence's chain until commit.
    """
    statement = f"with {parts} {_LIGNE} from prealable"
    _append(statement, params, actor, gesture, objet, agence_id=agence_id, acces_id=acces_id, **detail)


def _append(
    statement: str,
    params: Mapping[str, Any],
    actor: Actor,
    gesture: Gesture,
    objet: str,
    *,
    agence_id: UUID | None,
    acces_id: UUID | None,
    **detail: Any,
) -> None:
    if actor.reason:
        detail.setdefault("raison", actor.reason)
    with prepared_cursor() as cursor:
        cursor.execute(
            statement,
            {
                **params,
                "j_chaine": agence_id or PORTAL,
                "j_gesture": str(gesture),
                "j_role": str(actor.role),
                "j_account": actor.account_id,
                "j_acces": acces_id,
                "j_objet": objet,
                "j_detail": _json(detail),
            },
        )


def _json(detail: Mapping[str, Any]) -> str:
    import json

    return json.dumps(detail, default=str, ensure_ascii=False, sort_keys=True)


def verify(chaine_id: UUID) -> tuple[int, int | None]:
    """Return (lines read, sequence of the first broken line or None) for one chain.

    A line is broken when its hash does not match its content, when it does not follow the previous one, or when
    the head (kept apart) is further than the last line: cutting the end of a chain shows too. Lines, anchor and head
    are read by one statement, so at one instant: acts go on meanwhile.
    """
    with connection.cursor() as cursor:
        if (
            chaine_id == PORTAL
        ):  # the floor shows this chain to whoever says that he verifies it (migration 0003)
            cursor.execute("select set_config('palier.portail', 'oui', true)")
        cursor.execute(
            "with lignes as (select j.sequence, j.precedent, j.empreinte,"
            " encode(sha256(convert_to(palier_journal_texte(j), 'UTF8')), 'hex') as calcule,"
            # The months forgotten left an anchor: the first line kept follows it.
            " coalesce(lag(j.empreinte) over w, a.empreinte, '') as attendu,"
            " coalesce(lag(j.sequence) over w, a.sequence, 0) as avant"
            " from core_journal j left join core_journal_ancre a on a.chaine_id = j.chaine_id"
            " where j.chaine_id = %s window w as (order by j.sequence))"
            " select count(*), min(sequence) filter (where calcule <> empreinte or precedent <> attendu"
            " or sequence <> avant + 1), coalesce(max(sequence),"
            " (select sequence from core_journal_ancre where chaine_id = %s)),"
            " (select sequence from core_journal_tete where chaine_id = %s) from lignes",
            [chaine_id, chaine_id, chaine_id],
        )
        count, broken, last, head = cursor.fetchone()
    if broken is None and head is not None and head != (last or 0):
        broken = (last or 0) + 1
    return int(count), broken
