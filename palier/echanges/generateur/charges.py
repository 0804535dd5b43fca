"""The accounts of a copropriété: exercices, budgets, invoices, quarterly calls, regularisation."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .copropriete import Cle, Copropriete
from .parts import ZERO, euros, share_amount
from .registre import Chantier, Compte, Echeance, Ligne
from .reglements import settle
from .temps import Periode, add_months, last_quarters, next_weekday, quarter_of
from .vocabulaire import POSTES

PREAVIS = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Depense:
    """A supplier's invoice, in euros including tax."""

    le: date
    compte_comptable: str
    cle: Cle
    fournisseur: str
    libelle: str
    montant: Decimal


@dataclass(slots=True)
class Exercice:
    """One accounting year of a copropriété with its budget by key."""

    id: str
    annee: int
    statut: str
    votes: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    depenses: list[Depense] = field(default_factory=list)

    def vote(self, cle: Cle) -> Decimal:
        """Voted budget of a key."""
        return sum((m for (cle_id, _), m in self.votes.items() if cle_id == cle.id), ZERO)

    def realise(self, cle: Cle) -> Decimal:
        """Invoices of a key."""
        return sum((d.montant for d in self.depenses if d.cle.id == cle.id), ZERO)

    @property
    def total_vote(self) -> Decimal:
        """The whole voted budget."""
        return sum(self.votes.values(), ZERO)


def meeting_day(annee: int, copro: Copropriete) -> date:
    """The day of the yearly meeting: a Tuesday or Thursday of April or May, the same rank every year."""
    decalage = sum(map(ord, copro.id)) % 35
    return next_weekday(date(annee, 4, 12) + timedelta(days=decalage), 1 + 2 * (decalage % 2))


class Charges:
    """Builds the accounts of one copropriété over the history of the profile."""

    def __init__(self, chantier: Chantier, copro: Copropriete) -> None:
        self.chantier, self.copro, self.reference = chantier, copro, chantier.reference
        self.rng = chantier.random(f"charges/{copro.id}")
        self.trimestres = last_quarters(chantier.reference, chantier.profil.trimestres)
        suivant = quarter_of(add_months(self.trimestres[-1].debut, 3))
        if suivant.debut - PREAVIS <= self.reference:
            self.trimestres.append(suivant)
        annees = range(self.trimestres[0].debut.year, self.trimestres[-1].debut.year + 1)
        self.exercices = {a: self._exercice(a) for a in annees}
        # (exercice, clé, lot) → called: what the regularisation compares with the invoices.
        self.appele: dict[tuple[int, str, str], Decimal] = defaultdict(lambda: ZERO)

    def build(self) -> None:
        """Write budgets and invoices, then book every call and regularisation in date order."""
        etapes: list[tuple[date, str, Periode | Exercice]] = [(t.debut, "appel", t) for t in self.trimestres]
        for exercice in self.exercices.values():
            self._write(exercice)
            if exercice.statut == "approuve" and self._complete(exercice.annee):
                etapes.append(
                    (meeting_day(exercice.annee + 1, self.copro) + timedelta(days=20), "solde", exercice)
                )
        for jour, _, objet in sorted(etapes, key=lambda e: (e[0], e[1])):
            if isinstance(objet, Periode):
                self._call(objet)
            elif jour <= self.reference:
                self._regularise(objet, jour)

    def _complete(self, annee: int) -> bool:
        return sum(1 for t in self.trimestres if t.debut.year == annee) == 4

    def _exercice(self, annee: int) -> Exercice:
        if date(annee, 12, 31) >= self.reference:
            statut = "ouvert"
        else:
            statut = "approuve" if meeting_day(annee + 1, self.copro) <= self.reference else "clos"
        exercice = Exercice(f"X{self.copro.profil.code}-{annee}", annee, statut)
        croissance = Decimal("1.03") ** (annee - self.reference.year)
        poids_total = sum(p[3] for p in POSTES)
        for numero, libelle, code, poids, fournisseur, _ in POSTES:
            total = euros(self.copro.profil.budget * croissance * poids / poids_total)
            cles = self.copro.key(code)
            for cle, montant in zip(cles, share_amount(total, [1] * len(cles)), strict=True):
                exercice.votes[(cle.id, numero)] = montant
                self._invoices(exercice, numero, libelle, cle, fournisseur, montant)
        return exercice

    def _invoices(
        self, exercice: Exercice, numero: str, libelle: str, cle: Cle, fournisseur: str, montant: Decimal
    ) -> None:
        for mois in (2, 5, 8, 11):
            le = date(exercice.annee, mois, self.rng.randint(3, 27))
            facture = euros(montant / 4 * Decimal(self.rng.randint(88, 111)) / 100)
            if le <= self.reference:
                emetteur = fournisseur or self.chantier.profil.nom
                exercice.depenses.append(Depense(le, numero, cle, emetteur, libelle, facture))

    def _write(self, exercice: Exercice) -> None:
        dossier, annee = self.chantier.dossier, exercice.annee
        dossier.add(
            "exercices",
            id=exercice.id,
            copropriete_id=self.copro.id,
            libelle=f"Exercice {annee}",
            debut=date(annee, 1, 1),
            fin=date(annee, 12, 31),
            statut=exercice.statut,
        )
        noms = {(n, c): (libelle, part) for n, libelle, c, _, _, part in POSTES}
        for (cle_id, numero), vote in exercice.votes.items():
            code = cle_id.split("-")[1]
            lies = [d for d in exercice.depenses if d.cle.id == cle_id and d.compte_comptable == numero]
            dossier.add(
                "budgets",
                exercice_id=exercice.id,
                cle_id=cle_id,
                compte_comptable=numero,
                libelle=noms[(numero, code)][0],
                vote=vote,
                realise=sum((d.montant for d in lies), ZERO) if lies else None,
            )
        for rang, depense in enumerate(sorted(exercice.depenses, key=lambda d: (d.le, d.cle.id)), 1):
            part = noms[(depense.compte_comptable, depense.cle.code.split("-")[0])][1]
            dossier.add(
                "depenses",
                id=f"{exercice.id}-{rang:03d}",
                exercice_id=exercice.id,
                le=depense.le,
                compte_comptable=depense.compte_comptable,
                cle_id=depense.cle.id,
                fournisseur=depense.fournisseur,
                libelle=depense.libelle,
                montant_ttc=depense.montant,
                part_recuperable=euros(depense.montant * part / 100),
            )

    def _call(self, trimestre: Periode) -> None:
        exercice = self.exercices[trimestre.debut.year]
        rang = (trimestre.debut.month - 1) // 3
        montants = [(c, share_amount(exercice.vote(c), [1] * 4)[rang]) for c in self.copro.cles]
        self._issue(
            "appel_provision", "AP", f"Appel de fonds, {trimestre.libelle}", trimestre, "provision", montants
        )
        generale = self.copro.cles[0]
        if self.copro.profil.fonds_travaux:
            part = euros(exercice.total_vote / 80)
            libelle = f"Fonds de travaux, {trimestre.libelle}"
            self._issue("fonds_travaux", "FT", libelle, trimestre, "fonds_travaux", [(generale, part)])
        if self.copro.profil.travaux and trimestre in (self.trimestres[-5:-4] + self.trimestres[-3:-2]):
            part = euros(self.copro.profil.budget * Decimal("0.28"))
            libelle = f"{self.copro.profil.travaux}, appel de {trimestre.libelle}"
            self._issue("appel_travaux", "TX", libelle, trimestre, "travaux", [(generale, part)])

    def _issue(
        self,
        sorte: str,
        code: str,
        libelle: str,
        trimestre: Periode,
        nature: str,
        montants: list[tuple[Cle, Decimal]],
    ) -> None:
        """Share amounts over the lots and give each holder his échéance."""
        lignes: dict[str, list[Ligne]] = defaultdict(list)
        for cle, montant in montants:
            parts = share_amount(montant, list(cle.parts.values()))
            for lot_id, part in zip(cle.parts, parts, strict=True):
                compte = self.copro.holder(lot_id, trimestre.debut)
                lignes[compte.id].append(Ligne(nature, cle.libelle, part, lot_id, cle.id))
                if nature == "provision":
                    self.appele[(trimestre.debut.year, cle.id, lot_id)] += part
        for compte_id, detail in lignes.items():
            compte = self.chantier.comptes[compte_id]
            identifiant = f"{code}-{trimestre.code}-{compte_id}"
            detail.sort(key=lambda ligne: (ligne.lot_id, ligne.cle_id))
            self._give(compte, identifiant, sorte, libelle, trimestre, detail)

    def _give(
        self,
        compte: Compte,
        identifiant: str,
        sorte: str,
        libelle: str,
        periode: Periode,
        lignes: list[Ligne],
    ) -> None:
        emise = periode.debut - PREAVIS
        echeance = Echeance(
            identifiant, sorte, libelle, periode.debut, periode.fin, emise, periode.debut, lignes
        )
        settle(compte, echeance, self.reference, self.rng, "AF")

    def _regularise(self, exercice: Exercice, jour: date) -> None:
        """Charge each holder of the day the invoices less the calls; a credit when too much was called."""
        lignes: dict[str, list[Ligne]] = defaultdict(list)
        for cle in self.copro.cles:
            reels = share_amount(exercice.realise(cle), list(cle.parts.values()))
            ecarts: dict[str, Decimal] = defaultdict(lambda: ZERO)
            for lot_id, reel in zip(cle.parts, reels, strict=True):
                compte = self.copro.holder(lot_id, jour)
                ecarts[compte.id] += reel - self.appele[(exercice.annee, cle.id, lot_id)]
            for compte_id, ecart in ecarts.items():
                libelle = f"{cle.libelle} : solde de l'exercice {exercice.annee}"
                lignes[compte_id].append(Ligne("charges", libelle, ecart, "", cle.id))
        for compte_id, detail in lignes.items():
            echeance = Echeance(
                f"RG-{exercice.annee}-{compte_id}",
                "regularisation",
                f"Régularisation des charges {exercice.annee}",
                date(exercice.annee, 1, 1),
                date(exercice.annee, 12, 31),
                jour,
                jour,
                detail,
            )
            settle(self.chantier.comptes[compte_id], echeance, self.reference, self.rng, "OD")
