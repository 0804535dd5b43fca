"""What the return files hold for one source: a key never reads what its people said to another back-office."""

import copy
from typing import Any

from palier.api.identite import Machine
from palier.core.errors import Invisible
from palier.retours.models import Retour

PAR_PAGE = 100


def returns(machine: Machine, after: int) -> list[Retour]:
    """Return the files prepared past a number, oldest first, each narrowed to the machine's source."""
    with machine.as_system() as system:
        rows = Retour.objects.visible_to(system).filter(agence_id=machine.agence_id, sequence__gt=after)
        return [narrowed(machine, row) for row in rows.order_by("sequence")[:PAR_PAGE]]


def one_return(machine: Machine, sequence: int) -> Retour:
    """Return a file by its number, narrowed. Raises Invisible."""
    with machine.as_system() as system:
        rows = Retour.objects.visible_to(system).filter(agence_id=machine.agence_id)
        found: Retour | None = rows.filter(sequence=min(sequence, 2**31 - 1)).first()
    if found is None:
        raise Invisible
    return narrowed(machine, found)


def narrowed(machine: Machine, retour: Retour) -> Retour:
    """Return the same file with the lines of the machine's source, and the proofs that these lines name."""
    mine: dict[str, list[dict[str, Any]]] = {
        table: [
            line
            for line in lines
            if (line.get("logiciel"), line.get("base")) == (machine.logiciel, machine.base)
        ]
        for table, lines in retour.contenu["tables"].items()
    }
    named = {str(value) for lines in mine.values() for line in lines for value in line.values()}
    found = copy.copy(retour)
    found.contenu = {
        **retour.contenu,
        "tables": mine,
        "pieces": [piece for piece in retour.contenu["pieces"] if piece["chemin"] in named],
    }
    found.lignes = sum(len(lines) for lines in mine.values())
    return found
