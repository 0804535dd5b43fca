"""The documents of a bailleur: mandate, statements, help for the tax return."""

from datetime import date, timedelta

from .blocs import fiche, liste, money, signatures, tableau, texte, titre
from .gerance import Mandat
from .parts import ZERO
from .presse import Ged
from .registre import Echeance
from .temps import add_months, short_date

LIBELLES_2044 = (
    ("loyer", "Ligne 211, loyers bruts encaissés"),
    ("honoraires", "Ligne 221, frais d'administration et de gestion"),
    ("travaux", "Ligne 224, réparations et entretien"),
)


class PiecesMandat:
    """Publishes the pieces of one mandat. `complet`: every statement of the history."""

    def __init__(self, ged: Ged, mandat: Mandat, complet: bool) -> None:
        self.ged, self.mandat, self.complet = ged, mandat, complet
        self.reference = ged.chantier.reference

    def publish(self) -> None:
        """The mandate, the statements, the help for the tax return, a note of the staff."""
        self._mandate()
        crg = [e for e in self.mandat.compte.echeances if e.type == "crg"]
        for echeance in crg if self.complet else crg[-1:]:
            self._statement(echeance)
        if self.complet or int(self.mandat.numero) % 3 == 0:
            self._tax(self.reference.year - 1, crg)
        if int(self.mandat.numero) % 9 == 2:
            self.ged.publish(
                f"NOTE-{self.mandat.id}",
                "Note interne sur le mandat",
                "courrier",
                self.reference - timedelta(days=20),
                ("mandat", self.mandat.id),
                "interne",
                [texte("Le bailleur souhaite être appelé avant tout devis.")],
            )

    def _mandate(self) -> None:
        mandat = self.mandat
        blocs = [
            fiche(
                ("Mandant", mandat.compte.titulaire.nom_complet),
                ("Numéro au registre", mandat.numero),
                ("Prise d'effet", short_date(mandat.debut)),
                ("Honoraires", "7,2 % TTC des sommes encaissées"),
            ),
            titre("Biens confiés"),
            liste(*(x.nom for x in mandat.logements)),
            titre("Pouvoirs"),
            texte(
                "Le mandataire loue, encaisse, fait exécuter les réparations courantes dans la limite de"
                " 300 euros et"
                " rend compte chaque trimestre."
            ),
            signatures("Le mandant", "Le mandataire"),
        ]
        le = max(mandat.debut, add_months(self.reference, -36))
        self.ged.publish(
            f"MDT-{mandat.id}",
            f"Mandat de gérance n° {mandat.numero}",
            "mandat",
            le,
            ("mandat", mandat.id),
            "compte",
            blocs,
        )

    def _statement(self, echeance: Echeance) -> None:
        lignes = [[x.libelle, money(-x.montant)] for x in echeance.lignes]
        lignes.append(["Net de la période", money(-echeance.montant)])
        blocs = [
            fiche(
                ("Mandat", self.mandat.numero),
                ("Période", (f"du {short_date(echeance.debut)} au {short_date(echeance.fin)}")),
            ),
            tableau(("Opération", "Montant"), lignes, (1,), total=True),
            texte("Les virements mensuels figurent à votre relevé de compte."),
        ]
        echeance.document_id = self.ged.publish(
            echeance.id,
            echeance.libelle,
            "crg",
            echeance.emise_le,
            ("compte", self.mandat.compte.id),
            "compte",
            blocs,
            destinataire=self.mandat.compte.titulaire,
        )

    def _tax(self, annee: int, crg: list[Echeance]) -> None:
        lignes = []
        for nature, libelle in LIBELLES_2044:
            somme = sum(
                (x.montant for e in crg if e.debut.year == annee for x in e.lignes if x.nature == nature),
                ZERO,
            )
            lignes.append([libelle, money(abs(somme))])
        blocs = [
            texte(
                f"Sommes encaissées et payées par votre mandataire en {annee}, à reporter si vous déclarez au"
                " régime réel. Cette aide ne remplace pas votre déclaration."
            ),
            tableau(("Rubrique", "Montant"), lignes, (1,)),
        ]
        self.ged.publish(
            f"AF-{annee}-{self.mandat.id}",
            f"Aide à la déclaration des revenus fonciers {annee}",
            "aide_fiscale",
            date(annee + 1, 4, 6),
            ("compte", self.mandat.compte.id),
            "compte",
            blocs,
            destinataire=self.mandat.compte.titulaire,
        )
