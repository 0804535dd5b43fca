"""A general French glossary of property management, ours: the titles that exports commonly give to each field.

It is no vendor's layout. A title is compared without accents, case, points nor plural marks.
"""

import re
import unicodedata
from functools import cache

_MOTS: dict[str, str] = {
    "comptes.numero": "compte|n compte|no compte|num compte|numero compte|numero de compte|n de compte|compte client|code compte"
    "|compte locataire|compte l|compte coproprietaire|cpte|compte tiers|ref compte|reference compte|compte aux|compte auxiliaire",
    "comptes.intitule": "intitule|intitule compte|libelle compte|nom du compte|designation",
    "comptes.role": "role|qualite client|type client|type tiers|type de compte|nature client|categorie",
    "comptes.solde": "solde|solde actuel|solde compte|montant du|reste du|solde final",
    "comptes.solde_debit": "solde debiteur|solde debit|debiteur",
    "comptes.solde_credit": "solde crediteur|solde credit|crediteur",
    "comptes.solde_le": "date solde|solde au|arrete au|date arrete|date de situation",
    "comptes.mode_reglement": "mode reglement|mode de reglement|reglement|mode de paiement|moyen de paiement|mode paiement",
    "comptes.iban_masque": "iban|rib|compte bancaire|coordonnees bancaires",
    "coproprietes.code": "code copro|code copropriete|code immeuble|code residence|code syndicat|syndicat|copro|copropriete|residence"
    "|no immeuble|numero copropriete|sdc",
    "coproprietes.nom": "residence|copropriete|nom copropriete|nom residence|nom immeuble|libelle copropriete",
    "coproprietes.immatriculation_rnc": "immatriculation|rnc|no immatriculation|registre national|immatriculation rnc|rnic",
    "tiers.id": "code tiers|id tiers|identifiant|id client|code client|no client|numero client|matricule|id",
    "tiers.civilite": "civilite|titre|civ|qualite civile",
    "tiers.nom": "nom|nom usuel|nom de famille|nom client|nom tiers|nom locataire|nom proprietaire|nom coproprietaire|nom bailleur"
    "|nom prenom|nom et prenom|locataire|coproprietaire|bailleur|destinataire|titulaire",
    "tiers.prenom": "prenom|prenoms|prenom usuel",
    "tiers.raison_sociale": "raison sociale|societe|denomination|personne morale",
    "tiers.siren": "siren|no siren|siret",
    "tiers.email": "email|e mail|mail|courriel|adresse mail|adresse email|adresse e mail|adresse electronique|mel|messagerie",
    "tiers.telephone_mobile": "mobile|portable|tel mobile|tel portable|telephone mobile|telephone portable|gsm|tel 2",
    "tiers.telephone_fixe": "telephone|tel|tel fixe|telephone fixe|tel domicile|fixe|tel 1",
    "tiers.adresse_1": "adresse|adresse 1|rue|voie|adresse postale|adresse ligne 1",
    "tiers.adresse_2": "adresse 2|complement|complement adresse|adresse ligne 2|lieu dit",
    "tiers.code_postal": "code postal|cp|postal",
    "tiers.ville": "ville|commune|localite|bureau distributeur",
    "comptes_tiers.qualite": "qualite|lien|qualite titulaire|rang titulaire",
    "mandats.numero": "mandat|no mandat|numero mandat|numero de mandat|code mandat|mandat de gerance",
    "mandats.debut": "debut mandat|date mandat|date debut mandat|mandat du",
    "mandats.fin": "fin mandat|date fin mandat|fin de gestion|date de fin de gestion",
    "baux.numero": "bail|no bail|numero bail|code bail|reference bail",
    "baux.debut": "entree|date entree|date effet|debut bail|date debut bail|date bail|prise effet|date d entree|effet",
    "baux.fin": "fin bail|date fin bail|echeance bail|terme bail",
    "baux.sortie_le": "sortie|date sortie|date de sortie|depart|date depart",
    "baux.loyer": "loyer|loyer hc|loyer hors charges|loyer principal|loyer nu",
    "baux.provision_charges": "charges|provision|provisions|provision charges|provision sur charges|prov charges|acompte charges",
    "baux.depot_garantie": "depot garantie|depot de garantie|dg|dep garantie",
    "immeubles.code": "immeuble|code imm|code immeuble|ref immeuble",
    "immeubles.libelle": "nom immeuble|libelle immeuble|designation immeuble",
    "lots.numero": "lot|no lot|numero lot|numero de lot|code lot|ref lot",
    "lots.type": "type lot|nature lot|nature du lot|type de lot|type local|nature",
    "lots.batiment": "batiment|bat",
    "lots.etage": "etage|niveau",
    "lots.surface_m2": "surface|superficie|m2|surface m2|surface habitable",
    "detentions.debut": "acquisition|date acquisition|date achat|proprietaire depuis|date acte|date mutation",
    "mouvements.le": "date|date ecriture|date comptable|date operation|date mouvement|dt ecr|date ecr|jour",
    "mouvements.journal": "journal|code journal|jnl|jl",
    "mouvements.piece": "piece|no piece|numero piece|ref piece|reference piece|reference",
    "mouvements.libelle": "libelle|libelle ecriture|designation|objet|intitule ecriture|lib ecriture|motif",
    "mouvements.debit": "debit|montant debit|mt debit|debits",
    "mouvements.credit": "credit|montant credit|mt credit|credits",
    "mouvements.montant": "montant|somme|montant eur|mt|montant ttc",
    "mouvements.sens": "sens|d c|dc|debit credit|s",
    "mouvements.lettrage": "lettrage|lettre|let|code lettrage",
}
_VIDES = frozenset({"de", "du", "des", "la", "le", "les", "l", "d", "en", "et", "a"})


def key(title: str) -> str:
    """A title as it is compared: ASCII, lower case, without small words, points, nor « n° »."""
    text = unicodedata.normalize("NFKD", title.replace("°", " ").replace("œ", "oe")).casefold()
    text = text.encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", " ", re.sub(r"([a-z])([0-9])", r"\1 \2", text)).split()
    words = ["no" if w in {"n", "num", "numero", "nro"} else w for w in words]
    kept = [w for w in words if w not in _VIDES] or words
    return " ".join(kept)


@cache
def glossary() -> dict[str, tuple[str, ...]]:
    """For each compared title, the fields it commonly names, the likeliest first."""
    found: dict[str, list[str]] = {}
    for cle, mots in _MOTS.items():
        for mot in mots.split("|"):
            fields = found.setdefault(key(mot), [])
            if cle not in fields:
                fields.append(cle)
    return {k: tuple(v) for k, v in found.items()}
