"""Reads of the meetings of a copropriété."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from palier.core.actor import Actor
from palier.core.sql import parsed, read

MAX_ASSEMBLEES = 4  # the next ones and the last three: what the law puts on line (décret 2019-502 art. 1)


@dataclass(frozen=True, slots=True)
class ResolutionVue:
    """A resolution; votes in tantièmes, None when the back-office does not give them."""

    numero: str
    titre: str
    majorite: str
    resultat: str
    pour: Decimal | None
    contre: Decimal | None
    abstention: Decimal | None


@dataclass(frozen=True, slots=True)
class AssembleeVue:
    """A meeting with its resolutions in the order of the agenda; ``le`` is the local time of Paris."""

    id: UUID
    type: str
    le: datetime
    lieu: str
    statut: str
    resolutions: tuple[ResolutionVue, ...]


# « 10 » comes after « 9 », and « 4.2 » after « 4 »: numbers first, as numbers.
_ASSEMBLEES = """
select a.id, a.type, a.le at time zone 'Europe/Paris', a.lieu, a.statut, (
  select jsonb_agg(jsonb_build_array(r.numero, r.titre, r.majorite, r.resultat, r.pour::text, r.contre::text,
      r.abstention::text)
    order by coalesce(substring(r.numero from '^[0-9]{1,9}')::bigint, 1000000000), length(r.numero), r.numero)
  from assemblees_resolution r where r.agence_id = a.agence_id and r.assemblee_id = a.id
    and r.archive_le is null)
from assemblees_assemblee a
where a.agence_id = %(agence)s and a.archive_le is null and a.copropriete_id = coalesce(%(copropriete)s::uuid, (
  select c.copropriete_id from patrimoine_compteclient c where c.agence_id = %(agence)s and c.id = %(compte)s))
order by a.le desc, a.id limit %(maximum)s
"""


def assemblees(
    actor: Actor, agence_id: UUID, compte_id: UUID | None, copropriete_id: UUID | None
) -> list[AssembleeVue]:
    """Return the latest meetings of the copropriété of a space, newest first."""
    values = {
        "agence": agence_id,
        "compte": compte_id,
        "copropriete": copropriete_id,
        "maximum": MAX_ASSEMBLEES,
    }
    return [
        AssembleeVue(*(*row[:5], tuple(_resolution(x) for x in parsed(row[5]) or ())))
        for row in read(actor, _ASSEMBLEES, values)
    ]


def _resolution(x: list[str | None]) -> ResolutionVue:
    votes = (None if v is None else Decimal(v) for v in x[4:7])
    return ResolutionVue(x[0] or "", x[1] or "", x[2] or "", x[3] or "", *votes)
