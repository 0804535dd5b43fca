"""One agency from end to end: population, accounts, printed pieces, and the zip."""

from datetime import date, timedelta
from pathlib import Path

from .charges import Charges
from .copropriete import Copropriete, build_copropriete
from .gerance import Gerance
from .loyers import Loyers
from .occupation import Occupation
from .personnes import Annuaire
from .pieces import publish_all
from .profils import AGENCES
from .registre import Chantier, Compte
from .reglements import MODES
from .resume import Personne, Profil, ProfilCopropriete, Resume, Role

GRAINE = 20261123
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
PLACES = (
    "coproprietaire",
    "president_conseil",
    "coproprietaire_bailleur",
    "ancien_coproprietaire",
    "coproprietaire_locataire",
    "deux_agences",
)
PLACES_DERNIERE = ("coproprietaire_locataire", "deux_agences")
GESTIONNAIRES = (
    ("G1", "Rabouin", "Clémence", "Gestionnaire principale"),
    ("G2", "Jouët", "Antoine", "Gestionnaire de copropriété"),
    ("G3", "Haddad", "Inès", "Gestionnaire locative"),
)


def generate_agence(profil: Profil, seed: int, reference: date, target: Path) -> Resume:
    """Write one agency's dossier to `target` (a zip) and return its summary.

    The same profile, seed and reference date give the same bytes.
    """
    chantier = Chantier(profil, reference, seed)
    _write_office(chantier)
    annuaire = Annuaire(chantier)
    copros = [_populate(chantier, annuaire, p, rang) for rang, p in enumerate(profil.coproprietes)]
    gerance = Gerance(chantier, annuaire, copros)
    if profil.baux:
        gerance.build()
    charges = [Charges(chantier, copro) for copro in copros]
    for compta in charges:
        compta.build()
    Loyers(chantier, gerance).build()
    publish_all(chantier, charges, gerance)
    for compte in chantier.comptes.values():
        _write_compte(chantier, compte)
    lignes = chantier.dossier.write(profil.slug, reference, target)
    return _summary(chantier, target, lignes)


def generate_demo(target_dir: Path, reference: date, seed: int = GRAINE) -> list[Resume]:
    """Write the dossiers of the three agencies into `target_dir`, one `<slug>.zip` each."""
    return [generate_agence(p, seed, reference, target_dir / f"{p.slug}.zip") for p in AGENCES]


def _populate(chantier: Chantier, annuaire: Annuaire, profil: ProfilCopropriete, rang: int) -> Copropriete:
    copro = build_copropriete(chantier, profil)
    Occupation(chantier, annuaire, copro, _roles(chantier.profil, rang)).fill()
    return copro


def _roles(profil: Profil, rang: int) -> list[Role]:
    """The key persons of the copropriété of this rank: the second one; the last for two of them."""
    dernier = len(profil.coproprietes) - 1
    return [
        r
        for r in profil.roles
        if r.capacite in PLACES and rang == (dernier if r.capacite in PLACES_DERNIERE else min(1, dernier))
    ]


def _write_office(chantier: Chantier) -> None:
    profil = chantier.profil
    domaine = f"{profil.slug}.example"
    chantier.dossier.add(
        "etablissements",
        id="E1",
        libelle=profil.nom,
        siret=profil.siret,
        telephone=profil.telephone,
        email=f"accueil@{domaine}",
        adresse=profil.adresse,
        code_postal=profil.code_postal,
        ville=profil.ville,
    )
    for rang, (identifiant, nom, prenom, fonction) in enumerate(GESTIONNAIRES, 1):
        courriel = f"gestion{rang}@{domaine}"
        telephone = f"{profil.telephone[:-2]}{int(profil.telephone[-2:]) + rang:02d}"
        chantier.dossier.add(
            "gestionnaires",
            id=identifiant,
            nom=nom,
            prenom=prenom,
            fonction=fonction,
            email=courriel,
            telephone=telephone,
            etablissement_id="E1",
        )


def _write_compte(chantier: Chantier, compte: Compte) -> None:
    rng = chantier.random(f"compte/{compte.id}")
    mode = MODES[compte.comportement]
    fin_iban = f"{rng.randint(0, 999):03d}"
    chantier.dossier.add(
        "comptes",
        id=compte.id,
        role=compte.role,
        numero=compte.numero,
        intitule=compte.intitule,
        copropriete_id=compte.copropriete_id,
        solde=compte.solde,
        solde_le=chantier.reference,
        mode_reglement=mode,
        iban_masque=f"FR76 •••• •••• •••• •••• •••• {fin_iban}" if mode != "cheque" else None,
        compte_principal_id=compte.principal_id,
        publie=True,
        clos_le=compte.clos_le,
    )
    for titulaire in compte.titulaires:
        chantier.dossier.add(
            "comptes_tiers",
            compte_id=compte.id,
            tiers_id=titulaire.tiers.id,
            qualite=titulaire.qualite,
            quote_part=titulaire.quote_part,
            acces=titulaire.acces,
            debut=titulaire.debut,
            fin=titulaire.fin,
        )
    _write_access(chantier, compte)
    _write_ledger(chantier, compte)


def _write_access(chantier: Chantier, compte: Compte) -> None:
    """Invitation by e-mail when a holder with access has one, else by letter; none long after closing."""
    rng = chantier.random(f"acces/{compte.id}")
    joignables = [t for t in compte.titulaires if t.acces and t.tiers.email]
    invitation = "email" if joignables else "courrier"
    if compte.clos_le and compte.clos_le < chantier.reference - timedelta(days=400):
        invitation = "aucune"
    signes = [rng.choice(ALPHABET) for _ in range(8)]
    identifiant = f"{''.join(signes[:4])}-{''.join(signes[4:])}"
    chantier.dossier.add(
        "acces", compte_id=compte.id, identifiant_provisoire=identifiant, invitation=invitation
    )


def _write_ledger(chantier: Chantier, compte: Compte) -> None:
    dossier = chantier.dossier
    pieces = {e.id: e.document_id for e in compte.echeances}
    for echeance in compte.echeances:
        dossier.add(
            "echeances",
            id=echeance.id,
            compte_id=compte.id,
            type=echeance.type,
            libelle=echeance.libelle,
            periode_debut=echeance.debut,
            periode_fin=echeance.fin,
            emise_le=echeance.emise_le,
            exigible_le=echeance.exigible_le,
            montant=echeance.montant,
            regle=echeance.regle,
            document_id=echeance.document_id,
        )
        for rang, ligne in enumerate(echeance.lignes, 1):
            dossier.add(
                "echeances_lignes",
                echeance_id=echeance.id,
                rang=rang,
                lot_id=ligne.lot_id,
                cle_id=ligne.cle_id,
                nature=ligne.nature,
                libelle=ligne.libelle,
                montant=ligne.montant,
            )
    # A stable sort: lines of one day stay in the order in which they were booked.
    for rang, mouvement in enumerate(sorted(compte.mouvements, key=lambda m: m.le), 1):
        dossier.add(
            "mouvements",
            id=f"MV-{compte.id}-{rang:04d}",
            compte_id=compte.id,
            le=mouvement.le,
            journal=mouvement.journal,
            piece=mouvement.piece,
            libelle=mouvement.libelle,
            debit=mouvement.debit,
            credit=mouvement.credit,
            lettrage=mouvement.lettrage,
            echeance_id=mouvement.echeance_id,
            document_id=pieces.get(mouvement.echeance_id, "") if mouvement.journal != "BQ" else "",
        )


def _summary(chantier: Chantier, target: Path, lignes: dict[str, int]) -> Resume:
    profil = chantier.profil
    personnes = {
        capacite: Personne(capacite, t.id, t.civilite, t.prenom, t.nom, t.email, tuple(comptes))
        for capacite, (t, comptes) in chantier.cles.items()
    }
    return Resume(
        slug=profil.slug,
        nom=profil.nom,
        path=target,
        adresse=profil.adresse,
        code_postal=profil.code_postal,
        ville=profil.ville,
        telephone=profil.telephone,
        couleur=profil.couleur,
        personnes=personnes,
        lignes=lignes,
        fichiers_pdf=len(chantier.dossier.fichiers),
    )
