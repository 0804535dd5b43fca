"""The rental accounts: monthly rents of the tenants, then what the bailleurs are owed and paid."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .gerance import Bail, Gerance, Mandat
from .parts import ZERO, euros
from .registre import Chantier, Echeance, Ligne
from .reglements import settle
from .temps import Periode, add_months, last_months, last_quarters, month_of

HONORAIRES = Decimal("0.072")
ANNONCE = timedelta(days=10)
TRAVAUX = (
    "Remplacement du robinet de cuisine",
    "Entretien annuel de la chaudière",
    "Réparation du volet roulant",
    "Recherche de fuite et reprise du joint",
    "Remplacement du détecteur de fumée",
    "Débouchage de l'évier",
)


@dataclass(frozen=True, slots=True)
class Operation:
    """A line of a bailleur's ledger; positive: the bailleur owes."""

    le: date
    nature: str
    libelle: str
    montant: Decimal


class Loyers:
    """Books the rents of every lease and the statements of every mandat."""

    def __init__(self, chantier: Chantier, gerance: Gerance) -> None:
        self.chantier, self.gerance, self.reference = chantier, gerance, chantier.reference
        self.rng = chantier.random("loyers")
        self.depart = last_quarters(chantier.reference, chantier.profil.trimestres)[0].debut
        self.operations: dict[str, list[Operation]] = {}

    def build(self) -> None:
        """Tenants first: the bailleurs receive what the tenants paid."""
        for bail in self.gerance.baux:
            self._tenant(bail)
        for mandat in self.gerance.mandats:
            self._landlord(mandat)

    def _tenant(self, bail: Bail) -> None:
        debut = max(bail.debut, self.depart)
        dernier = bail.sortie or add_months(self.reference, 1)
        if bail.debut >= self.depart:
            self._deposit(bail, bail.debut, bail.base, "Dépôt de garantie")
        for mois in last_months(debut, dernier):
            if mois.debut - ANNONCE > self.reference:
                break
            self._month(bail, mois)
        if bail.sortie:
            self._deposit(
                bail, bail.sortie + timedelta(days=25), -bail.base, "Restitution du dépôt de garantie"
            )

    def _deposit(self, bail: Bail, le: date, montant: Decimal, libelle: str) -> None:
        if le > self.reference:
            return
        code = "DG" if montant > 0 else "DR"
        echeance = Echeance(
            f"{code}-{bail.id}", "depot_garantie", libelle, le, le, le, le, [Ligne("depot", libelle, montant)]
        )
        settle(bail.compte, echeance, self.reference, self.rng, "LO")

    def _month(self, bail: Bail, mois: Periode) -> None:
        lot = bail.logement.lot_id
        lignes = [
            Ligne("loyer", f"Loyer {mois.libelle}", bail.rent(mois.debut), lot),
            Ligne("charges", "Provision pour charges", bail.provision, lot),
        ]
        echeance = Echeance(
            f"LY-{mois.code}-{bail.id}",
            "avis_echeance",
            f"Loyer et charges, {mois.libelle}",
            mois.debut,
            mois.fin,
            mois.debut - ANNONCE,
            mois.debut,
            lignes,
        )
        paye = settle(bail.compte, echeance, self.reference, self.rng, "LO")
        # A receipt needs the whole sum: a part of it gives a "reçu" (loi 89-462, art. 21).
        if paye is not None:
            echeance.type, echeance.libelle = "quittance", f"Quittance de {mois.libelle}"
        elif echeance.regle:
            echeance.type, echeance.libelle = "recu", f"Reçu partiel, {mois.libelle}"
        bail.mois.append((mois, echeance, paye))
        if echeance.regle:
            self._collect(bail, mois, paye or mois.fin, echeance.regle)

    def _collect(self, bail: Bail, mois: Periode, le: date, montant: Decimal) -> None:
        operations = self.operations.setdefault(bail.mandat.id, [])
        nom = bail.logement.nom
        if le <= self.reference:
            honoraires = euros(montant * HONORAIRES)
            operations.append(
                Operation(le, "loyer", f"Loyer et charges encaissés, {mois.libelle}, {nom}", -montant)
            )
            operations.append(
                Operation(le, "honoraires", f"Honoraires de gestion, {mois.libelle}", honoraires)
            )

    def _landlord(self, mandat: Mandat) -> None:
        operations = self.operations.setdefault(mandat.id, [])
        for _ in range(self.chantier.profil.trimestres // 4):
            le = self.depart + timedelta(days=self.rng.randint(40, (self.reference - self.depart).days))
            facture = euros(self.rng.randint(60, 420)) + euros("0.35")
            if le <= self.reference:
                operations.append(Operation(le, "travaux", self.rng.choice(TRAVAUX), facture))
        if self.rng.random() < 0.12:
            le = self.reference - timedelta(days=2)
            operations.append(Operation(le, "travaux", "Réfection de la salle d'eau", euros("2860.00")))
        operations.sort(key=lambda o: (o.le, o.nature, o.libelle))
        reserve = euros(150) if self.rng.random() < 0.2 else ZERO
        attente = list(operations)
        for mois in last_months(self.depart, self.reference):
            versement = mois.debut + timedelta(days=11)
            while attente and attente[0].le < versement:
                self._book(mandat, attente.pop(0))
            disponible = -mandat.compte.solde - reserve
            if disponible > 0 and versement <= self.reference:
                mandat.compte.book(versement, "BQ", "Virement au bailleur", disponible)
        for operation in attente:
            self._book(mandat, operation)
        self._statements(mandat, operations)

    def _book(self, mandat: Mandat, operation: Operation) -> None:
        mandat.compte.book(operation.le, "GE", operation.libelle, operation.montant)

    def _statements(self, mandat: Mandat, operations: list[Operation]) -> None:
        """A CRG each quarter. Its amount follows the sign of the balance: negative, the agency owes it."""
        for trimestre in last_quarters(self.reference, self.chantier.profil.trimestres):
            emise = trimestre.fin + timedelta(days=8)
            lignes = [
                Ligne(o.nature, o.libelle, o.montant)
                for o in operations
                if trimestre.debut <= o.le <= trimestre.fin
            ]
            if emise > self.reference or not lignes:
                continue
            echeance = Echeance(
                f"CRG-{trimestre.code}-{mandat.compte.id}",
                "crg",
                f"Compte rendu de gestion, {trimestre.libelle}",
                trimestre.debut,
                trimestre.fin,
                emise,
                month_of(emise).debut + timedelta(days=11),
                lignes,
            )
            if echeance.exigible_le <= self.reference:
                echeance.regle = echeance.montant
            mandat.compte.echeances.append(echeance)
