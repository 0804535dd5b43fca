"""What a balance says, in euros. Sign of the trade: a positive balance is owed by the client (law.md, ledger 450)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

ZERO = Decimal("0.00")
# A receipt confirms a payment, a landlord's account reports one: neither calls for money (loi 89-462 art. 21).
SANS_APPEL = frozenset({"recu", "crg"})


class Etat(StrEnum):
    """What the sentence at the top of the account says."""

    DOIT = "doit"
    A_JOUR = "a_jour"
    CREDITEUR = "crediteur"
    INCONNU = "inconnu"


@dataclass(frozen=True, slots=True)
class LigneDue:
    """A line of a due item: its key or nature, the lot it is for."""

    libelle: str
    cle: str
    nature: str
    lot: str
    montant: Decimal


@dataclass(frozen=True, slots=True)
class EcheanceDue:
    """Something still to be paid: ``reste`` = amount less what was settled."""

    id: UUID
    type: str
    libelle: str
    exigible_le: date
    montant: Decimal
    reste: Decimal
    document_id: UUID | None = None
    lignes: tuple[LigneDue, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """Where a compte client stands. ``solde`` is None when the back-office gives none, or the title has ended."""

    espace_id: UUID
    compte_id: UUID
    role: str
    numero: str
    intitule: str
    solde: Decimal | None
    solde_le: date | None
    titre_du: date | None
    titre_au: date | None
    dues: tuple[EcheanceDue, ...] = field(default_factory=tuple)
    mode_reglement: str = ""
    iban_masque: str = ""
    cercle_id: UUID | None = None
    copropriete_id: UUID | None = None

    @property
    def etat(self) -> Etat:
        """The balance in one word."""
        return etat(self.solde)

    @property
    def prochaine(self) -> EcheanceDue | None:
        """The due item that comes first."""
        return self.dues[0] if self.dues else None

    def en_retard(self, jour: date) -> tuple[EcheanceDue, ...]:
        """Due items whose date has passed on ``jour``."""
        return tuple(due for due in self.dues if due.exigible_le < jour)

    def avant_le(self, jour: date) -> date | None:
        """The date before which the balance is to be paid, when nothing of it is late."""
        due = self.prochaine
        return due.exigible_le if due and due.exigible_le >= jour else None

    def titre_clos(self, jour: date) -> bool:
        """Whether the person's title on this compte ended before ``jour``: only the rows of that time are his."""
        return self.titre_au is not None and self.titre_au < jour


def etat(solde: Decimal | None) -> Etat:
    """Return what a balance means for the client."""
    if solde is None:
        return Etat.INCONNU
    if solde == ZERO:
        return Etat.A_JOUR
    return Etat.DOIT if solde > ZERO else Etat.CREDITEUR


def reste_du(montant: Decimal, regle: Decimal | None, exigible_le: date, jour: date) -> Decimal:
    """Return what is still to be paid, in euros; never negative.

    When the back-office does not say what was settled, only what falls due today or later counts: of the past,
    the balance alone can speak.
    """
    if regle is None:
        return max(montant, ZERO) if exigible_le >= jour else ZERO
    return max(montant - regle, ZERO)


def total(dues: Sequence[EcheanceDue]) -> Decimal:
    """Return the sum of what is still to be paid."""
    return sum((due.reste for due in dues), ZERO)
