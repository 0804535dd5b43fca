"""Who and what an agence manages: tiers, copropriétés, lots, titles, leases. All of it comes from back-offices."""

from django.db import models

from palier.core.models import Imported, Published, link


class Etablissement(Imported):
    """A branch of the agence."""

    libelle = models.TextField()
    siret = models.TextField(blank=True, default="")
    telephone = models.TextField(blank=True, default="")
    email = models.TextField(blank=True, default="")
    adresse = models.TextField(blank=True, default="")
    code_postal = models.TextField(blank=True, default="")
    ville = models.TextField(blank=True, default="")


class Gestionnaire(Imported):
    """The manager named by the back-office as a contact; not a login (see agences.Habilitation)."""

    nom = models.TextField()
    prenom = models.TextField(blank=True, default="")
    fonction = models.TextField(blank=True, default="")
    email = models.TextField(blank=True, default="")
    telephone = models.TextField(blank=True, default="")
    etablissement_id = models.UUIDField(null=True)


class Tiers(Imported):
    """A person (PP) or a company (PM) known to the agence."""

    nature = models.CharField(max_length=2)
    civilite = models.TextField(blank=True, default="")
    nom = models.TextField()
    prenom = models.TextField(blank=True, default="")
    siren = models.TextField(blank=True, default="")
    email = models.TextField(blank=True, default="")
    telephone_mobile = models.TextField(blank=True, default="")
    telephone_fixe = models.TextField(blank=True, default="")
    adresse_1 = models.TextField(blank=True, default="")
    adresse_2 = models.TextField(blank=True, default="")
    code_postal = models.TextField(blank=True, default="")
    ville = models.TextField(blank=True, default="")
    pays = models.TextField(blank=True, default="")
    consentement_demat_le = models.DateField(null=True)

    @property
    def nom_complet(self) -> str:
        """« Mme Jeanne Lefèvre », as written on an envelope."""
        return " ".join(part for part in (self.civilite, self.prenom, self.nom) if part)

    @property
    def appel(self) -> str:
        """« Madame Lefèvre »: how a page or a letter addresses the person."""
        titre = {"M": "Monsieur", "M.": "Monsieur", "MME": "Madame", "MLLE": "Madame"}.get(
            self.civilite.upper(), ""
        )
        return f"{titre} {self.nom}".strip() if titre else self.nom_complet


class Copropriete(Published):
    """A syndicat of co-owners. Cercle: its co-owners."""

    code = models.TextField(blank=True, default="")
    nom = models.TextField()
    immatriculation_rnc = models.TextField(blank=True, default="")
    reglement_le = models.DateField(null=True)
    mandat_syndic_debut = models.DateField(null=True)
    mandat_syndic_fin = models.DateField(null=True)
    gestionnaire_id = models.UUIDField(null=True)
    etablissement_id = models.UUIDField(null=True)
    principale_id = models.UUIDField(null=True)


class Immeuble(Published):
    """A building with its address. Cercle: its occupants (and those who hold or let a lot in it)."""

    copropriete_id = models.UUIDField(null=True)
    code = models.TextField(blank=True, default="")
    libelle = models.TextField(blank=True, default="")
    numero = models.TextField(blank=True, default="")
    repetition = models.TextField(blank=True, default="")
    voie = models.TextField(blank=True, default="")
    code_postal = models.TextField(blank=True, default="")
    commune = models.TextField(blank=True, default="")
    code_insee = models.TextField(blank=True, default="")
    ban_id = models.TextField(blank=True, default="")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)

    @property
    def adresse(self) -> str:
        """« 12 bis rue des Tilleuls, 31000 Toulouse »."""
        rue = " ".join(part for part in (self.numero, self.repetition, self.voie) if part)
        ville = " ".join(part for part in (self.code_postal, self.commune) if part)
        return ", ".join(part for part in (rue, ville) if part)


class Lot(Published):
    """A lot. Cercle: the occupants of its immeuble."""

    immeuble_id = models.UUIDField()
    copropriete_id = models.UUIDField(null=True)
    numero = models.TextField()
    type = models.TextField(blank=True, default="")
    batiment = models.TextField(blank=True, default="")
    escalier = models.TextField(blank=True, default="")
    etage = models.TextField(blank=True, default="")
    porte = models.TextField(blank=True, default="")
    surface_m2 = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    rattache_a_id = models.UUIDField(null=True)

    immeuble = link("patrimoine.Immeuble", "immeuble_id")


class CleRepartition(Published):
    """A distribution key of a copropriété; ``base`` is its total of tantièmes. Cercle: the co-owners."""

    copropriete_id = models.UUIDField()
    code = models.TextField()
    libelle = models.TextField()
    base = models.DecimalField(max_digits=14, decimal_places=4)


class Tantieme(Published):
    """A lot's share in a key. Cercle: the co-owners."""

    cle_id = models.UUIDField()
    lot_id = models.UUIDField()
    valeur = models.DecimalField(max_digits=14, decimal_places=4)

    cle = link("patrimoine.CleRepartition", "cle_id")


class CompteClient(Published):
    """One person-capacity as the back-office's ledger knows it. ``solde`` in euros: positive, the client owes.

    Cercle: the compte itself.
    """

    role = models.CharField(max_length=20)
    numero = models.TextField()
    intitule = models.TextField()
    copropriete_id = models.UUIDField(null=True)
    solde = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    solde_le = models.DateField(null=True)
    mode_reglement = models.TextField(blank=True, default="")
    iban_masque = models.TextField(blank=True, default="")
    compte_principal_id = models.UUIDField(null=True)
    publie = models.BooleanField(default=True)
    clos_le = models.DateField(null=True)
    identifiant_source = models.TextField(
        blank=True, default="", help_text="provisional identifier of the back-office"
    )
    invitation = models.TextField(blank=True, default="courrier", help_text="email, courrier or aucune")

    copropriete = link("patrimoine.Copropriete", "copropriete_id")


class CompteTiers(Published):
    """A tiers' dated place on a compte client. Cercle: the compte."""

    compte_client_id = models.UUIDField()
    tiers_id = models.UUIDField()
    qualite = models.CharField(max_length=20)
    quote_part = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    acces = models.BooleanField(default=True)
    debut = models.DateField(null=True)
    fin = models.DateField(null=True)

    compte_client = link("patrimoine.CompteClient", "compte_client_id")
    tiers = link("patrimoine.Tiers", "tiers_id")


class Detention(Published):
    """A lot held by a compte client between two dates. Cercle: the compte."""

    lot_id = models.UUIDField()
    compte_client_id = models.UUIDField()
    debut = models.DateField()
    fin = models.DateField(null=True)

    lot = link("patrimoine.Lot", "lot_id")


class MandatConseil(Published):
    """A dated term in a conseil syndical (at most three years, renewable: loi 65-557 art. 21, D67 art. 22).

    Cercle: the co-owners, who know who sits on their council.
    """

    copropriete_id = models.UUIDField()
    tiers_id = models.UUIDField()
    fonction = models.CharField(max_length=20)
    debut = models.DateField(null=True)
    fin = models.DateField(null=True)

    tiers = link("patrimoine.Tiers", "tiers_id")


class MandatGerance(Published):
    """A landlord's written, numbered mandate to manage (loi Hoguet). Cercle: the mandate."""

    numero = models.TextField()
    compte_client_id = models.UUIDField()
    gestionnaire_id = models.UUIDField(null=True)
    debut = models.DateField(null=True)
    fin = models.DateField(null=True)


class MandatLot(Published):
    """A lot managed under a mandate between two dates. Cercle: the mandate."""

    mandat_gerance_id = models.UUIDField()
    lot_id = models.UUIDField()
    debut = models.DateField(null=True)
    fin = models.DateField(null=True)

    lot = link("patrimoine.Lot", "lot_id")


class Bail(Published):
    """A lease; amounts in euros a month. Cercle: the lease (its tenants); the landlord has ``mandat_cercle_id``."""

    numero = models.TextField()
    mandat_gerance_id = models.UUIDField(null=True)
    mandat_cercle_id = models.UUIDField(null=True)
    compte_client_id = models.UUIDField()
    type = models.TextField(blank=True, default="")
    debut = models.DateField()
    fin = models.DateField(null=True)
    sortie_le = models.DateField(null=True)
    loyer = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    provision_charges = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    terme = models.TextField(blank=True, default="")
    depot_garantie = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    indice = models.TextField(blank=True, default="")
    indice_trimestre = models.TextField(blank=True, default="")
    revision_le = models.DateField(null=True)
    assurance_fin = models.DateField(null=True)


class BailLot(Published):
    """A lot let by a lease. Cercle: the lease; the landlord by ``mandat_cercle_id``."""

    bail_id = models.UUIDField()
    lot_id = models.UUIDField()
    mandat_cercle_id = models.UUIDField(null=True)

    bail = link("patrimoine.Bail", "bail_id")
    lot = link("patrimoine.Lot", "lot_id")


class Contrat(Published):
    """A contract or an insurance of a copropriété, or of a lease. Cercle: the co-owners, or the lease.

    The co-owners read the contracts of the syndicat except those of its staff (décret 2019-502 art. 1): these are
    the agence's alone.
    """

    copropriete_id = models.UUIDField(null=True)
    bail_id = models.UUIDField(null=True)
    type = models.TextField()
    fournisseur = models.TextField(blank=True, default="")
    numero = models.TextField(blank=True, default="", help_text="the reference that the supplier gives it")
    debut = models.DateField(null=True)
    fin = models.DateField(null=True)
    document_id = models.UUIDField(null=True)
