"""The documents of one co-owner's compte: calls for funds, yearly statement of charges, account statement."""

from datetime import date, timedelta

from .blocs import Bloc, encadre, fiche, money, tableau, texte, titre
from .charges import Charges, meeting_day
from .ordre_du_jour import ELECTRONIQUE
from .parts import ZERO
from .presse import Ged
from .registre import Compte, Echeance
from .temps import add_months, short_date


def publish_comptes(ged: Ged, charges: Charges) -> None:
    """Full history for the key persons, the last pieces for everybody else."""
    vitrines = ged.chantier.showcase()
    for compte in ged.chantier.comptes.values():
        if compte.copropriete_id == charges.copro.id:
            PiecesCompte(ged, charges, compte).publish(complet=compte.id in vitrines)


class PiecesCompte:
    """Publishes the pieces of one co-owner's compte."""

    def __init__(self, ged: Ged, charges: Charges, compte: Compte) -> None:
        self.ged, self.charges, self.compte = ged, charges, compte
        self.portee = ("compte", compte.id)

    def publish(self, complet: bool) -> None:
        """`complet`: every call and every yearly statement of the history."""
        appels = [e for e in self.compte.echeances if e.type == "appel_provision"]
        for echeance in appels if complet else appels[-1:]:
            if self.compte.clos_le is None or complet:
                self._call(echeance)
        decomptes = [e for e in self.compte.echeances if e.type == "regularisation"]
        for echeance in decomptes if complet else decomptes[-1:]:
            if complet or int(self.compte.id[-1]) % 3 == 0:
                self._yearly(echeance)
        if complet and self.compte.clos_le is None:
            self._statement()

    def _call(self, appel: Echeance) -> None:
        """One piece for everything that falls due on the same day."""
        freres = [
            e
            for e in self.compte.echeances
            if e.exigible_le == appel.exigible_le
            and e.type in ("appel_provision", "fonds_travaux", "appel_travaux")
        ]
        noms = {lot.id: lot.nom for lot in self.charges.copro.lots}
        bases = {c.id: c for c in self.charges.copro.cles}
        blocs: list[Bloc] = [
            fiche(
                ("Copropriété", self.charges.copro.profil.nom),
                ("Compte", self.compte.numero),
                ("Exigible le", short_date(appel.exigible_le)),
            ),
        ]
        for echeance in freres:
            lignes = []
            for x in echeance.lignes:
                cle = bases[x.cle_id]
                lignes.append(
                    [noms[x.lot_id], x.libelle, f"{cle.parts[x.lot_id]} / {cle.base}", money(x.montant)]
                )
            lignes.append(["Total", "", "", money(echeance.montant)])
            blocs += [
                titre(echeance.libelle),
                tableau(("Lot", "Clé", "Tantièmes", "Montant"), lignes, (2, 3), total=True),
            ]
        total = sum((e.montant for e in freres), ZERO)
        blocs += [
            encadre(f"Somme à payer au {short_date(appel.exigible_le)} : {money(total)}"),
            texte(ELECTRONIQUE),
        ]
        document = self.ged.publish(
            appel.id,
            appel.libelle,
            "appel_de_fonds",
            appel.emise_le,
            self.portee,
            "compte",
            blocs,
            destinataire=self.compte.titulaire,
        )
        for echeance in freres:
            echeance.document_id = document

    def _yearly(self, echeance: Echeance) -> None:
        annee, copro = echeance.debut.year, self.charges.copro
        exercice = self.charges.exercices[annee]
        jour = meeting_day(annee + 1, copro) + timedelta(days=20)
        lots = [lot.id for lot in copro.held_by(self.compte, jour)]
        lignes = []
        for cle in copro.cles:
            parts = sum(cle.parts.get(lot, 0) for lot in lots)
            ecart = next((x.montant for x in echeance.lignes if x.cle_id == cle.id), ZERO)
            if parts:
                reel = exercice.realise(cle)
                lignes.append([cle.libelle, money(reel), f"{parts} / {cle.base}", money(ecart)])
        lignes.append(["Solde de l'exercice", "", "", money(echeance.montant)])
        sens = "en votre faveur" if echeance.montant < 0 else "à régler"
        blocs = [
            texte(
                f"Les comptes de l'exercice {annee} ont été approuvés le"
                f" {short_date(meeting_day(annee + 1, copro))}."
            ),
            tableau(
                ("Clé", "Dépenses de l'immeuble", "Vos tantièmes", "Écart avec vos provisions"),
                lignes,
                (1, 2, 3),
                total=True,
            ),
            encadre(f"Solde {sens} : {money(abs(echeance.montant))}"),
        ]
        echeance.document_id = self.ged.publish(
            echeance.id,
            f"Décompte individuel de charges {annee}",
            "decompte_charges",
            echeance.emise_le,
            self.portee,
            "compte",
            blocs,
            destinataire=self.compte.titulaire,
        )

    def _statement(self) -> None:
        """The account as it stood at the end of last month, with a running balance."""
        fin = self.charges.reference.replace(day=1) - timedelta(days=1)
        debut = add_months(fin.replace(day=1), -11)
        publish_statement(self.ged, self.compte, debut, fin)


def publish_statement(ged: Ged, compte: Compte, debut: date, fin: date) -> None:
    """An account statement from one day to another."""
    solde = sum((m.debit - m.credit for m in compte.mouvements if m.le < debut), ZERO)
    lignes = [["Solde précédent", short_date(debut), "", "", money(solde)]]
    for m in sorted(compte.mouvements, key=lambda m: m.le):
        if debut <= m.le <= fin:
            solde += m.debit - m.credit
            lignes.append(
                [
                    m.libelle,
                    short_date(m.le),
                    money(m.debit) if m.debit else "",
                    money(m.credit) if m.credit else "",
                    money(solde),
                ]
            )
    ged.publish(
        f"REL-{compte.id}",
        f"Relevé de compte au {short_date(fin)}",
        "releve_compte",
        fin + timedelta(days=3),
        ("compte", compte.id),
        "compte",
        [
            fiche(("Compte", compte.numero)),
            tableau(("Libellé", "Date", "Débit", "Crédit", "Solde"), lignes, (2, 3, 4)),
        ],
        destinataire=compte.titulaire,
    )
