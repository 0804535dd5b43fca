"""Who acts: one frozen value, made once per request or task, given first to every function that reads or writes."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from palier.core.dates import today


class Role(StrEnum):
    """In which capacity the actor acts now. One person may hold several; a page opens exactly one."""

    ANONYME = "anonyme"
    CLIENT = "client"
    GESTIONNAIRE = "gestionnaire"
    ADMINISTRATEUR = "administrateur"
    EXPLOITANT = "exploitant"
    DPO = "dpo"  # the exploitant's data protection officer: requests about account data, no row of any agence
    SYSTEME = "systeme"
    VUE = "vue"  # agency staff looking at a client's space, read-only
    ASSISTANCE = "assistance"  # the exploitant inside an agence's space, on its instruction; reads only
    MACHINE = "machine"  # a program that holds a key: the gestures of that key, for one source of one agence


STAFF = frozenset({Role.GESTIONNAIRE, Role.ADMINISTRATEUR})


@dataclass(frozen=True, slots=True)
class AccesRef:
    """An accès of the actor: its id and the agence that handed it out."""

    id: UUID
    agence_id: UUID


@dataclass(frozen=True, slots=True)
class HabilitationRef:
    """A staff habilitation of the actor at one agence."""

    agence_id: UUID
    role: Role
    portefeuille: frozenset[UUID] | None = None  # the units that he follows; None: the whole agence
    fermes: frozenset[str] = frozenset()  # gestures closed to him by his administrator


@dataclass(frozen=True, slots=True)
class Actor:
    """The actor of a request or of a task.

    ``acces`` opens client rows (through droits); ``agences`` opens whole agences (staff and system only).
    """

    role: Role
    account_id: UUID | None = None
    acces: tuple[AccesRef, ...] = ()
    agences: tuple[UUID, ...] = ()
    habilitations: tuple[HabilitationRef, ...] = ()
    is_exploitant: bool = False
    reason: str = ""
    source_id: UUID | None = None  # a machine's: what it sees is of this source
    gestures: frozenset[str] = frozenset()  # a machine's: nothing else, whatever its role may
    portefeuille: frozenset[UUID] | None = (
        None  # a gestionnaire's: the units that he follows (core.portefeuille)
    )
    fermes: frozenset[str] = frozenset()  # a gestionnaire's: gestures that his administrator closed
    today: date = field(default_factory=today)

    @classmethod
    def anonymous(cls) -> "Actor":
        """Return the actor of a visitor who is not signed in: no row of any agence."""
        return cls(role=Role.ANONYME)

    @classmethod
    def system(cls, agence_id: UUID, reason: str) -> "Actor":
        """Return the actor of a task that works for one agence; ``reason`` goes to the journal."""
        if not reason:
            raise ValueError("A system actor needs a reason.")
        return cls(role=Role.SYSTEME, agences=(agence_id,), reason=reason)

    @classmethod
    def machine(cls, agence_id: UUID, source_id: UUID, gestures: frozenset[str], reason: str) -> "Actor":
        """Return the actor of a program that holds a key; ``reason`` names the key in the journal."""
        return cls(
            role=Role.MACHINE, agences=(agence_id,), source_id=source_id, gestures=gestures, reason=reason
        )

    def as_staff(self, agence_id: UUID) -> "Actor | None":
        """Return this person acting as staff of ``agence_id``, client rights put aside; None when not staff."""
        for habilitation in self.habilitations:
            if habilitation.agence_id == agence_id:
                kept = habilitation.role is Role.GESTIONNAIRE
                return replace(
                    self,
                    role=habilitation.role,
                    acces=(),
                    agences=(agence_id,),
                    portefeuille=habilitation.portefeuille if kept else None,
                    fermes=habilitation.fermes if kept else frozenset(),
                )
        return None

    def as_viewer(self, acces: AccesRef) -> "Actor":
        """Return this staff member looking, read-only, at what the holder of ``acces`` sees."""
        return replace(self, role=Role.VUE, acces=(acces,), agences=(), reason="vue comme la personne")

    def as_support(self, agence_id: UUID) -> "Actor":
        """Return this exploitant inside an agence that asked for help: reads only, every page in the journal."""
        return replace(self, role=Role.ASSISTANCE, acces=(), agences=(agence_id,), reason="assistance")

    def as_exploitant(self) -> "Actor":
        """Return this person acting as the portal's operator: no row of any agence."""
        return replace(self, role=Role.EXPLOITANT, acces=(), agences=())

    def as_dpo(self) -> "Actor":
        """Return this person acting as the exploitant's data protection officer: no row of any agence."""
        return replace(self, role=Role.DPO, acces=(), agences=())

    @property
    def agence_id(self) -> UUID:
        """The one agence this staff or system actor acts for."""
        if len(self.agences) != 1:
            raise ValueError("This actor does not act for exactly one agence.")
        return self.agences[0]

    @property
    def acces_ids(self) -> list[UUID]:
        """Ids of the accès opened by this actor."""
        return [acces.id for acces in self.acces]
