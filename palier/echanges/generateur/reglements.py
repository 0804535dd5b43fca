"""How a compte pays: on time, late, no longer, or too much. Nothing is booked after the reference date."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from .parts import ZERO, euros
from .registre import Compte, Echeance, Ligne

MODES = {
    "prelevement": "prelevement",
    "ponctuel": "virement",
    "tardif": "cheque",
    "debiteur": "cheque",
    "crediteur": "virement",
}
LIBELLES = {"prelevement": "Prélèvement SEPA", "virement": "Virement reçu", "cheque": "Chèque reçu"}


def lettrage(rang: int) -> str:
    """AA, AB, … ZZ."""
    return chr(65 + rang // 26 % 26) + chr(65 + rang % 26)


def settle(compte: Compte, echeance: Echeance, reference: date, rng: Random, journal: str) -> date | None:
    """Book an échéance and its payment, and keep the échéance: the day when it was paid in full, if it was.

    The échéance stays published even when it is not due yet: it is then the next sum to pay.
    """
    compte.echeances.append(echeance)
    le = echeance.exigible_le
    if le > reference:
        return None
    code = lettrage(len(compte.echeances))
    paiement, montant = _payment(compte, echeance, rng)
    paye = paiement is not None and paiement <= reference
    compte.book(
        le,
        journal,
        echeance.libelle,
        echeance.montant,
        echeance=echeance,
        lettrage=code if paye else "",
        document_id=echeance.document_id,
    )
    if paiement is None or not paye:
        return None
    solde_entier = montant == echeance.montant
    libelle = LIBELLES[MODES[compte.comportement]] if montant > 0 else "Remboursement au client"
    compte.book(paiement, "BQ", libelle, -montant, echeance=echeance, lettrage=code if solde_entier else "")
    if not solde_entier:
        compte.mouvements[-2].lettrage = ""
    echeance.regle = montant
    retard = (paiement - le).days
    if (
        compte.comportement == "tardif"
        and retard > 52
        and echeance.type != "fonds_travaux"
        and not compte.clos_le
    ):
        _remind(compte, echeance, le + timedelta(days=40), paiement)
    if compte.comportement == "crediteur" and len(compte.echeances) == 3:
        compte.book(
            paiement + timedelta(days=1), "BQ", "Virement reçu (acompte)", euros(-rng.randint(60, 480))
        )
        _trim(compte, reference)
    return paiement if solde_entier else None


def _payment(compte: Compte, echeance: Echeance, rng: Random) -> tuple[date | None, Decimal]:
    """Day and amount of the payment; no day when it never comes."""
    le, montant = echeance.exigible_le, echeance.montant
    if montant < 0:
        rendu = compte.comportement in ("prelevement", "ponctuel")
        return (le + timedelta(days=20) if rendu else None), montant
    match compte.comportement:
        case "prelevement":
            jour = le + timedelta(days=4)
        case "ponctuel" | "crediteur":
            jour = le + timedelta(days=rng.randint(0, 9))
        case "tardif":
            jour = le + timedelta(days=rng.randint(15, 62))
        case _:
            jour = le + timedelta(days=rng.randint(3, 25))
            if compte.debiteur_depuis is not None and le >= compte.debiteur_depuis:
                partiel = rng.random() < 0.25
                return (jour, euros(montant / 2)) if partiel else (None, ZERO)
    return (min(jour, compte.clos_le) if compte.clos_le else jour), montant


def _remind(compte: Compte, echeance: Echeance, le: date, paiement: date) -> None:
    """Reminder costs, charged to the late payer alone, and paid with the call that they remind of."""
    frais = Echeance(
        f"{echeance.id}-F",
        "frais",
        f"Frais de relance : {echeance.libelle}",
        echeance.debut,
        echeance.fin,
        le,
        le,
        [Ligne("honoraires", "Frais de relance", euros(32))],
    )
    compte.echeances.append(frais)
    code = lettrage(len(compte.echeances) + 300)
    compte.book(le, "OD", frais.libelle, frais.montant, echeance=frais, lettrage=code)
    compte.book(
        paiement, "BQ", "Règlement des frais de relance", -frais.montant, echeance=frais, lettrage=code
    )
    frais.regle = frais.montant


def _trim(compte: Compte, reference: date) -> None:
    """Drop the last line when it falls after the reference date."""
    if compte.mouvements[-1].le > reference:
        compte.mouvements.pop()
