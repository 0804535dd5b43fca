"""The documents of the rental side: leases, inventories, receipts, notices, statements of the bailleurs."""

from datetime import date, timedelta

from .blocs import Bloc, encadre, fiche, liste, money, signatures, tableau, texte, titre
from .gerance import Bail, Gerance
from .parts import euros
from .pieces_mandat import PiecesMandat
from .presse import Ged
from .registre import Echeance
from .temps import Periode, add_months, short_date
from .textes import CLAUSES_BAIL, ETAT_DES_LIEUX


def publish_gerance(ged: Ged, gerance: Gerance) -> None:
    """Every piece of every lease and mandat; the whole history for the key persons."""
    vitrines = ged.chantier.showcase()
    for bail in gerance.baux:
        PiecesBail(ged, bail, bail.compte.id in vitrines).publish()
    for mandat in gerance.mandats:
        PiecesMandat(ged, mandat, mandat.compte.id in vitrines).publish()


class PiecesBail:
    """Publishes the pieces of one lease. `complet`: every receipt of the history."""

    def __init__(self, ged: Ged, bail: Bail, complet: bool) -> None:
        self.ged, self.bail, self.complet = ged, bail, complet
        self.reference = ged.chantier.reference
        self.rang = int(bail.numero)
        self.portee = ("bail", bail.id)

    def publish(self) -> None:
        """The lease itself, then what it produced."""
        self._lease()
        if self.complet or self.rang % 6 == 0:
            self._inventory("entree", self.bail.debut)
        if self.bail.sortie:
            self._inventory("sortie", self.bail.sortie)
        quittances = [m for m in self.bail.mois if m[1].type in ("quittance", "recu")]
        for mois, echeance, paye in quittances if self.complet else quittances[-1:]:
            self._receipt(mois, echeance, paye or mois.fin)
        for mois, echeance, _ in self.bail.mois[-1:]:
            if echeance.type == "avis_echeance":
                self._notice(mois, echeance)
        if self.complet or self.rang % 5 == 1:
            self._insurance()
        if self.complet or self.rang % 4 == 1:
            self._regularisation()
        if self.complet or self.rang % 6 == 2:
            self._diagnostic()

    def _lease(self) -> None:
        bail, logement = self.bail, self.bail.logement
        meuble = "meublé" if bail.type == "habitation_meublee" else "non meublé"
        locataires = " et ".join(t.tiers.nom_complet for t in bail.compte.titulaires if t.qualite != "garant")
        blocs: list[Bloc] = [
            fiche(
                ("Bailleur", bail.mandat.compte.titulaire.nom_complet),
                ("Locataire", locataires),
                ("Logement", f"{logement.nom}, {logement.adresse[2]} {logement.adresse[3]}"),
                ("Surface", f"{str(logement.surface).replace('.', ',')} m²"),
                ("Prise d'effet", short_date(bail.debut)),
                ("Durée", "un an" if meuble == "meublé" else "trois ans"),
                ("Loyer mensuel", money(bail.base)),
                ("Provision pour charges", money(bail.provision)),
                ("Dépôt de garantie", money(bail.base)),
            ),
            *(b for nom, clause in CLAUSES_BAIL for b in (titre(nom), texte(clause))),
            signatures("Le bailleur, par son mandataire", "Le locataire"),
        ]
        # A lease signed long ago came on line with the first export: its date stays within the history.
        le = max(bail.debut - timedelta(days=9), add_months(self.reference, -36))
        nom = f"Bail d'habitation {meuble}, {logement.nom}"
        cle = f"BAIL-{bail.id}"
        document = self.ged.publish(cle, nom, "bail", le, self.portee, "compte", blocs)
        if document:
            # The bailleur reads the same file under his mandat.
            chemin = f"documents/bail/{cle}.pdf"
            self.ged.register(f"{cle}-M", chemin, nom, "bail", le, ("mandat", bail.mandat.id), "compte")

    def _inventory(self, sens: str, le: date) -> None:
        nom = "État des lieux d'entrée" if sens == "entree" else "État des lieux de sortie"
        jour = max(le, add_months(self.reference, -36))
        blocs = [
            fiche(("Logement", self.bail.logement.nom), ("Clés remises", "trois jeux")),
            tableau(("Pièce", "Murs", "Sol"), [list(x) for x in ETAT_DES_LIEUX]),
            signatures("Le mandataire", "Le locataire"),
        ]
        self.ged.publish(
            f"EDL-{sens}-{self.bail.id}", nom, "etat_des_lieux", jour, self.portee, "compte", blocs
        )

    def _lines(self, echeance: Echeance) -> Bloc:
        lignes = [[x.libelle, money(x.montant)] for x in echeance.lignes] + [
            ["Total", money(echeance.montant)]
        ]
        return tableau(("Libellé", "Montant"), lignes, (1,), total=True)

    def _receipt(self, mois: Periode, echeance: Echeance, le: date) -> None:
        recu = echeance.type == "recu"
        nom = f"Reçu de paiement partiel, {mois.libelle}" if recu else f"Quittance de loyer, {mois.libelle}"
        blocs = [
            fiche(
                ("Logement", self.bail.logement.nom),
                ("Période", f"du {short_date(mois.debut)} au {short_date(mois.fin)}"),
                ("Bailleur", self.bail.mandat.compte.titulaire.nom_complet),
            ),
            self._lines(echeance),
            encadre(f"Reçu la somme de {money(echeance.regle)} au titre du loyer et des charges."),
            texte(
                "Ce document ne vaut pas quittance des termes antérieurs."
                if not recu
                else f"Reste dû pour la période : {money(echeance.montant - echeance.regle)}."
            ),
        ]
        echeance.document_id = self.ged.publish(
            f"Q-{echeance.id}",
            nom,
            "quittance",
            le,
            ("compte", self.bail.compte.id),
            "compte",
            blocs,
            destinataire=self.bail.compte.titulaire,
        )

    def _notice(self, mois: Periode, echeance: Echeance) -> None:
        blocs = [
            fiche(("Logement", self.bail.logement.nom), ("À payer le", short_date(echeance.exigible_le))),
            self._lines(echeance),
            texte(
                "Cet avis est une demande de paiement. La quittance est remise gratuitement après le"
                " paiement."
            ),
        ]
        echeance.document_id = self.ged.publish(
            f"A-{echeance.id}",
            f"Avis d'échéance, {mois.libelle}",
            "avis_echeance",
            echeance.emise_le,
            ("compte", self.bail.compte.id),
            "compte",
            blocs,
            destinataire=self.bail.compte.titulaire,
        )

    def _insurance(self) -> None:
        le = max(add_months(self.bail.assurance_fin, -12), self.bail.debut)
        if self.bail.sortie and le > self.bail.sortie:
            return
        blocs = [
            texte("L'assureur atteste garantir le locataire contre les risques locatifs."),
            fiche(
                ("Assuré", self.bail.compte.titulaire.nom_complet),
                ("Logement", self.bail.logement.nom),
                ("Valable jusqu'au", short_date(self.bail.assurance_fin)),
            ),
        ]
        document = self.ged.publish(
            f"MRH-{self.bail.id}",
            "Attestation d'assurance habitation",
            "assurance_habitation",
            le,
            self.portee,
            "compte",
            blocs,
        )
        if document:
            self.ged.chantier.dossier.add(
                "contrats",
                id=f"CTH-{self.bail.id}",
                bail_id=self.bail.id,
                type="assurance_habitation",
                fournisseur="Assurances du Bon Voisin",
                reference=f"MRH{self.rang:06d}",
                debut=le,
                fin=self.bail.assurance_fin,
                document_id=document,
            )

    def _regularisation(self) -> None:
        annee = self.reference.year - 1
        mois = [m for m in self.bail.mois if m[0].debut.year == annee]
        le = date(self.reference.year, 6, 15)
        if not mois or (self.bail.sortie and self.bail.sortie < le):
            return
        provisions = self.bail.provision * len(mois)
        eau, menage = euros(provisions * 55 / 100), euros(provisions * 43 / 100)
        ecart = eau + menage - provisions
        blocs = [
            texte(f"Décompte des charges récupérables de l'année {annee}, par nature."),
            tableau(
                ("Nature", "Montant"),
                [
                    ["Eau et chauffage", money(eau)],
                    ["Entretien des communs", money(menage)],
                    ["Provisions versées", money(-provisions)],
                    ["Solde", money(ecart)],
                ],
                (1,),
                total=True,
            ),
            texte(
                "Le solde en votre faveur est déduit du prochain avis. Les pièces sont tenues à votre"
                " disposition"
                " pendant six mois."
            ),
        ]
        self.ged.publish(
            f"RC-{annee}-{self.bail.id}",
            f"Régularisation des charges {annee}",
            "regularisation",
            le,
            self.portee,
            "compte",
            blocs,
            destinataire=self.bail.compte.titulaire,
        )

    def _diagnostic(self) -> None:
        lettre = "BCDE"[self.rang % 4]
        blocs = [
            fiche(
                ("Logement", self.bail.logement.nom), ("Étiquette énergie", lettre), ("Étiquette climat", "B")
            ),
            liste("isoler les coffres de volets", "régler la température de départ du chauffage"),
        ]
        self.ged.publish(
            f"DPE-{self.bail.id}",
            "Diagnostic de performance énergétique du logement",
            "diagnostic",
            add_months(self.reference, -(self.rang % 30) - 1),
            ("bail", self.bail.id),
            "compte",
            blocs,
        )
