"""Which program speaks: what its key says of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from palier.core.actor import Actor
from palier.core.tenancy import acting_as, serving


@dataclass(frozen=True, slots=True)
class Machine:
    """A program whose key was recognised."""

    cle_id: UUID
    slug: str
    logiciel: str
    base: str
    actor: Actor

    @property
    def agence_id(self) -> UUID:
        return self.actor.agence_id

    @contextmanager
    def opened(self) -> Iterator[Actor]:
        """Open a transaction in which PostgreSQL knows this machine: its source, and nothing else of the agence."""
        with acting_as(self.actor):
            yield self.actor

    @contextmanager
    def as_system(self) -> Iterator[Actor]:
        """Act as the agence's own task, in the present transaction, for what is not kept by source."""
        with serving(self.actor, self.agence_id, self.actor.reason or "API") as system:
            yield system
