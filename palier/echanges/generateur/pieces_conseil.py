"""The documents of the council: balances, bank statements, list of co-owners, proceedings."""

from collections.abc import Callable
from datetime import date, timedelta

from .blocs import Bloc, fiche, money, tableau, texte, titre
from .charges import Charges, Exercice
from .parts import ZERO, euros
from .presse import Ged
from .temps import add_months, month_of, short_date

AUDIENCE = "conseil_syndical"


class PiecesConseil:
    """Publishes what only the council of one copropriété may read, through `out`."""

    def __init__(self, ged: Ged, charges: Charges, out: Callable[..., str]) -> None:
        self.ged, self.charges, self.out = ged, charges, out
        self.copro, self.reference = charges.copro, charges.reference
        self.rng = ged.chantier.random(f"conseil/{self.copro.id}")

    def publish(self) -> None:
        """Balances, bank statements, list of co-owners, the syndic's certificates, proceedings."""
        self._balances()
        self._statements()
        self._owners()
        self._certificates()
        self._proceedings()

    def _out(self, reference: str, titre: str, categorie: str, le: date, blocs: list[Bloc]) -> None:
        self.out(reference, titre, categorie, le, blocs, AUDIENCE)

    def _balances(self) -> None:
        for exercice in self.charges.exercices.values():
            le = date(exercice.annee + 1, 2, 20)
            if exercice.statut in ("clos", "approuve") and le <= self.reference:
                titre_ = f"Balance générale et état des dépenses {exercice.annee}"
                self._out(f"BAL-{exercice.annee}", titre_, "balance_syndicat", le, self._balance(exercice))

    def _statements(self) -> None:
        for recul in (1, 2, 3):
            mois = month_of(add_months(self.reference, -recul))
            titre_ = f"Relevé du compte bancaire séparé, {mois.libelle}"
            le = mois.fin + timedelta(days=4)
            self._out(f"BQ-{mois.code}", titre_, "releve_bancaire", le, self._statement(mois.debut, mois.fin))

    def _owners(self) -> None:
        liste_ = [
            [c.intitule, c.titulaire.adresse[3], str(self.copro.voices(c, self.reference))]
            for c in self.copro.active(self.reference)
        ]
        le = self.reference - timedelta(days=18)
        blocs = [tableau(("Copropriétaire", "Ville", "Tantièmes"), liste_, (2,))]
        self._out("LISTE", "Liste des copropriétaires", "liste_coproprietaires", le, blocs)

    def _certificates(self) -> None:
        blocs = [
            texte("Le syndic justifie de sa carte, de son assurance de responsabilité et de sa garantie."),
            fiche(
                ("Carte", self.ged.chantier.profil.carte),
                ("Garantie financière", money(euros(400000))),
                ("Garant", "Caution Mutuelle des Administrateurs de Biens"),
            ),
        ]
        titre_ = "Carte professionnelle, assurance et garantie financière du syndic"
        self._out("ATTS", titre_, "attestation_syndic", date(self.reference.year, 1, 8), blocs)

    def _proceedings(self) -> None:
        blocs = [
            texte(
                "Le syndicat des copropriétaires demande au tribunal judiciaire le paiement de charges"
                " impayées après mise en demeure restée sans effet pendant trente jours."
            ),
            fiche(
                ("Juridiction", f"Tribunal judiciaire de {self.ged.chantier.profil.ville}"),
                ("Audience", short_date(add_months(self.reference, 2))),
            ),
        ]
        titre_ = "Assignation en recouvrement de charges"
        self._out("PROC", titre_, "procedure", add_months(self.reference, -5), blocs)

    def _balance(self, exercice: Exercice) -> list[Bloc]:
        lignes, votes, reels = [], ZERO, ZERO
        for cle in self.copro.cles:
            votes, reels = votes + exercice.vote(cle), reels + exercice.realise(cle)
            ecart = exercice.realise(cle) - exercice.vote(cle)
            lignes.append(
                [cle.libelle, money(exercice.vote(cle)), money(exercice.realise(cle)), money(ecart)]
            )
        lignes.append(["Total", money(votes), money(reels), money(reels - votes)])
        factures = [
            [d.libelle, d.fournisseur, short_date(d.le), money(d.montant)]
            for d in sorted(exercice.depenses, key=lambda d: d.le)
        ]
        return [
            titre("Budget et dépenses par clé"),
            tableau(("Clé", "Voté", "Réalisé", "Écart"), lignes, (1, 2, 3), total=True),
            titre("Factures de l'exercice"),
            tableau(("Dépense", "Fournisseur", "Date", "Montant"), factures, (3,)),
        ]

    def _statement(self, du: date, au: date) -> list[Bloc]:
        """Receipts and payments of the month, from the ledgers and the invoices."""
        mouvements = [
            (m.le, f"{m.libelle}, {c.intitule}", m.credit - m.debit)
            for c in self.ged.chantier.comptes.values()
            if c.copropriete_id == self.copro.id
            for m in c.mouvements
            if m.journal == "BQ" and du <= m.le <= au
        ]
        mouvements += [
            (d.le, f"{d.fournisseur}, {d.libelle}", -d.montant)
            for e in self.charges.exercices.values()
            for d in e.depenses
            if du <= d.le <= au
        ]
        ouverture = euros(self.rng.randint(9000, 60000))
        solde = ouverture + sum((m[2] for m in mouvements), ZERO)
        lignes = [["Solde d'ouverture", short_date(du), money(ouverture)]]
        lignes += [[nom, short_date(le), money(montant)] for le, nom, montant in sorted(mouvements)]
        lignes.append(["Solde de clôture", short_date(au), money(solde)])
        return [
            texte("Compte séparé ouvert au nom du syndicat des copropriétaires."),
            tableau(("Opération", "Date", "Montant"), lignes, (2,), total=True),
        ]
