"""The documents of a copropriété: those of all co-owners, those of the council, those of the staff."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from .blocs import Bloc, encadre, fiche, liste, money, signatures, tableau, texte, titre
from .charges import Charges
from .parts import euros
from .pieces_conseil import PiecesConseil
from .presse import Ged
from .temps import add_months, quarter_of, short_date
from .textes import CARNET, CHAPITRES_REGLEMENT
from .vocabulaire import DIAGNOSTICS

CONTRATS = (
    ("entretien_ascenseur", "Contrat de maintenance de l'ascenseur", "Ascenseurs Élévia", "614"),
    ("nettoyage", "Contrat de nettoyage des parties communes", "Propreté Ligérienne", "611"),
    ("chauffage", "Contrat d'entretien de la chaufferie", "Thermique Beauvallon", "614"),
)


def publish_copropriete(ged: Ged, charges: Charges) -> None:
    """Every document whose scope is the copropriété or one of its buildings."""
    PiecesCopropriete(ged, charges).publish()


class PiecesCopropriete:
    """Publishes the documents of one copropriété."""

    def __init__(self, ged: Ged, charges: Charges) -> None:
        self.ged, self.charges, self.copro = ged, charges, charges.copro
        self.reference = charges.reference
        self.portee = ("copropriete", self.copro.id)
        self.rng = ged.chantier.random(f"pieces/{self.copro.id}")

    def publish(self) -> None:
        """All of them, in the order of the law's list."""
        self._foundations()
        self._diagnostics()
        self._contracts()
        PiecesConseil(self.ged, self.charges, self.out).publish()
        self._staff()
        self._building()

    def out(
        self,
        cle: str,
        titre_: str,
        categorie: str,
        le: date,
        blocs: Sequence[Bloc],
        audience: str = "coproprietaires",
        remplace: str = "",
        publie_au: date | None = None,
    ) -> str:
        return self.ged.publish(
            f"{cle}-{self.copro.profil.code}",
            titre_,
            categorie,
            le,
            self.portee,
            audience,
            blocs,
            sous_titre=self.copro.profil.nom,
            remplace=remplace,
            publie_au=publie_au,
        )

    def _foundations(self) -> None:
        profil, reference = self.copro.profil, self.reference
        blocs: list[Bloc] = [
            texte(f"Ensemble immobilier situé {self.copro.adresse}, divisé en {profil.lots} lots."),
            *(b for t, paragraphes in CHAPITRES_REGLEMENT for b in (titre(t), *map(texte, paragraphes))),
            titre("État descriptif de division"),
            tableau(
                ("Lot", "Nature", "Bâtiment", f"Tantièmes sur {profil.base}"),
                [
                    [x.numero, x.type, x.batiment, str(self.copro.cles[0].parts[x.id])]
                    for x in self.copro.lots
                ],
                (3,),
            ),
        ]
        ancien = add_months(reference, -30)
        self.out(
            "REGL", "Règlement de copropriété et état descriptif de division", "reglement", ancien, blocs
        )
        self.out(
            "CARNET",
            "Carnet d'entretien de l'immeuble",
            "carnet_entretien",
            reference - timedelta(days=65),
            [
                texte(f"Immeuble : {profil.nom}, {self.copro.adresse}."),
                tableau(("Intervention", "Entreprise", "Année"), [list(x) for x in CARNET]),
            ],
        )
        precedente = self.out(
            "FICHE1",
            "Fiche synthétique (édition précédente)",
            "fiche_synthetique",
            add_months(reference, -14),
            self._sheet(),
            publie_au=add_months(reference, -2),
        )
        self.out(
            "FICHE2",
            "Fiche synthétique de la copropriété",
            "fiche_synthetique",
            add_months(reference, -2),
            self._sheet(),
            remplace=precedente,
        )

    def _sheet(self) -> list[Bloc]:
        profil = self.copro.profil
        return [
            titre("Identification"),
            fiche(
                ("Nom", profil.nom),
                ("Adresse", self.copro.adresse),
                ("Construction", str(profil.construction)),
            ),
            titre("Organisation"),
            fiche(
                ("Syndic", self.ged.chantier.profil.nom),
                ("Type", "Syndicat principal"),
                ("Conseil syndical", f"{len(self.copro.conseil) - 1} membres en exercice"),
            ),
            titre("Caractéristiques"),
            fiche(
                ("Bâtiments", str(len(self.copro.immeubles))),
                ("Lots", str(profil.lots)),
                ("Chauffage", "Collectif"),
                ("Équipements", "Ascenseur, interphone, ventilation"),
            ),
            titre("Finances"),
            fiche(
                ("Budget prévisionnel", money(euros(profil.budget))),
                ("Fonds de travaux", money(euros(profil.budget) / 20)),
            ),
        ]

    def _diagnostics(self) -> None:
        for rang, (nom, constat) in enumerate(DIAGNOSTICS):
            le = add_months(self.reference, -7 - 9 * rang)
            blocs = [
                texte(f"Immeuble visité : {self.copro.adresse}."),
                encadre(constat),
                titre("Méthode"),
                texte(
                    "Repérage visuel des parties communes accessibles, sondages ponctuels, aucune réserve."
                ),
                fiche(("Validité", short_date(add_months(le, 120))), ("Opérateur", "Contrôles Mahé-Ferré")),
            ]
            self.out(f"DIAG{rang + 1}", nom, "diagnostic", le, blocs)

    def _contracts(self) -> None:
        code, reference = self.copro.profil.code, self.reference
        debut = date(reference.year, 1, 1)
        police = f"POL-{self.rng.randint(100000, 999999)}"
        document = self.out(
            "ASSU",
            "Attestation d'assurance multirisque de l'immeuble",
            "assurance",
            debut,
            [
                texte("La Mutuelle des Immeubles Réunis atteste garantir le syndicat des copropriétaires."),
                fiche(
                    ("Police", police),
                    ("Période", f"du {short_date(debut)} au 31 décembre {reference.year}"),
                    ("Garanties", "Incendie, dégât des eaux, responsabilité civile, catastrophes naturelles"),
                ),
            ],
        )
        self._contract("assurance", "Mutuelle des Immeubles Réunis", police, debut, document)
        for sorte, nom, fournisseur, _ in CONTRATS:
            du = date(reference.year - 1, 4, 1)
            blocs = [
                texte(f"Entre le syndicat des copropriétaires de {self.copro.profil.nom} et {fournisseur}."),
                titre("Objet et prestations"),
                liste(
                    "visites périodiques selon le calendrier annexé",
                    "intervention sous quatre heures ouvrées",
                    "remise d'un rapport à chaque passage",
                ),
                titre("Durée"),
                texte("Deux ans, reconductible un an, préavis de trois mois."),
                signatures("Le syndicat, par son syndic", fournisseur),
            ]
            document = self.out(f"CTR-{sorte}", nom, "contrat", du, blocs)
            self._contract(sorte, fournisseur, f"CT-{code}-{sorte[:3].upper()}", du, document)
        du = date(reference.year - 1, 6, 1)
        blocs = [
            texte("Le contrat est conclu pour la durée votée par l'assemblée générale."),
            fiche(
                ("Début", short_date(du)),
                ("Fin", f"31 mai {reference.year + 1}"),
                ("Forfait annuel", money(euros(self.copro.profil.budget * Decimal("0.11")))),
            ),
            titre("Prestations comprises"),
            liste(
                "tenue d'une assemblée annuelle de trois heures",
                "visites trimestrielles de la copropriété",
                "comptabilité et compte bancaire séparés",
                "accès en ligne aux documents",
            ),
            signatures("Le président de séance", "Le syndic"),
        ]
        self.out("SYNDIC", "Contrat de syndic", "contrat_syndic", du, blocs)

    def _contract(self, sorte: str, fournisseur: str, numero: str, debut: date, document: str) -> None:
        self.ged.chantier.dossier.add(
            "contrats",
            id=f"CT{self.copro.profil.code}-{sorte}",
            copropriete_id=self.copro.id,
            type=sorte,
            fournisseur=fournisseur,
            reference=numero,
            debut=debut,
            fin=add_months(debut, 24) - timedelta(days=1),
            document_id=document,
        )

    def _staff(self) -> None:
        self.out(
            "NOTE",
            "Note de visite du gestionnaire",
            "courrier",
            self.reference - timedelta(days=11),
            [
                texte("Visite des parties communes avec l'employé d'immeuble."),
                liste(
                    "porte du local à poussettes à régler",
                    "deux ampoules remplacées au troisième étage",
                    "devis demandé pour la main courante",
                ),
            ],
            "interne",
        )

    def _building(self) -> None:
        """A notice for one building, and the quarter's visit report for all."""
        immeuble = self.copro.immeubles[-1]
        self.ged.publish(
            f"AVIS-{immeuble}",
            "Coupure d'eau programmée",
            "courrier",
            self.reference - timedelta(days=6),
            ("immeuble", immeuble),
            "coproprietaires",
            [
                texte(
                    f"L'eau sera coupée le {short_date(self.reference + timedelta(days=5))} de 9 h à 12 h"
                    f" pour le"
                    " remplacement d'une vanne. Merci de garder une réserve et de fermer vos robinets."
                )
            ],
            sous_titre=self.copro.profil.nom,
            publie_au=self.reference + timedelta(days=30),
        )
        trimestre = quarter_of(add_months(self.reference, -3))
        self.out(
            f"VISITE-{trimestre.code}",
            f"Compte rendu de visite, {trimestre.libelle}",
            "courrier",
            trimestre.fin - timedelta(days=9),
            [
                texte("Participants : un membre du conseil syndical et le gestionnaire."),
                liste(
                    "éclairage des caves en état",
                    "joints de la terrasse à surveiller",
                    "affichage des consignes à renouveler",
                ),
            ],
        )
