"""The agreement of art. 28 RGPD between an agence and the exploitant, generated from what is true here today."""

from django.conf import settings

from palier.agences.models import Agence
from palier.core.dates import date_simple, today
from palier.core.traitements import SECURITE, Qualite
from palier.vie_privee.devoirs.registres import of
from palier.vie_privee.impression import sections_pdf
from palier.vie_privee.models import Instruction, SousTraitant
from palier.vie_privee.rules.devoirs import PREAVIS_JOURS
from palier.vie_privee.rules.textes import Section

TITRE = "Accord de sous-traitance de données personnelles"


def agreement(
    agence: Agence, sous_traitants: list[SousTraitant], instructions: list[Instruction]
) -> list[Section]:
    """Return the clauses of art. 28.3 in French, with this agence's facts."""
    e = settings.EXPLOITANT
    start = date_simple(agence.contrat_debut) if agence.contrat_debut else "à la signature du contrat"
    end = date_simple(agence.contrat_fin) if agence.contrat_fin else "sans terme"
    live = [i for i in instructions if i.fin_le is None]
    running = [s for s in sous_traitants if s.jusqu_au is None or s.jusqu_au >= today()]
    return [
        Section("Les parties", [
            f"{agence.nom}, {agence.adresse or 'adresse à porter au contrat'}, responsable du traitement (« l’agence »).",
            f"{e['nom']}, {e['forme']} au capital de {e['capital']}, {e['adresse']}, {e['immatriculation']}, sous-traitant "
            "(« l’exploitant »).",
        ]),
        Section("Objet et durée", [
            f"L’exploitant traite pour l’agence les données montrées dans les espaces de ses clients. Contrat : {start} ; "
            f"fin : {end}. L’accord dure autant que le contrat, et sept jours de plus pour la restitution et l’effacement.",
        ]),
        Section("Nature, finalités, données et personnes", [[f"{t.nom} : {t.finalite} Données : {t.donnees} "
                f"Personnes : {t.personnes}" for t in of(Qualite.SOUS_TRAITANT)]]),
        Section("Instructions documentées", [
            "L’exploitant n’agit que sur les instructions écrites de l’agence, tenues dans le portail avec leur date et "
            "leur auteur, y compris pour tout transfert hors de l’Union européenne. Si une loi l’oblige à faire autrement, "
            "il en prévient l’agence avant d’agir, sauf si cette loi l’interdit. S’il pense qu’une instruction enfreint le "
            "droit de la protection des données, il le lui dit aussitôt.",
            [f"{date_simple(i.donnee_le.date())}, {i.auteur} : {i.texte}" for i in live] or ["Aucune instruction "
             "particulière à ce jour."],
        ]),
        Section("Confidentialité", [
            "Les personnes autorisées sont tenues au secret. L’assistance n’entre dans un espace que sur instruction de "
            "l’agence, avec un motif et une durée, et laisse une trace que l’agence et la personne voient.",
        ]),
        Section("Sécurité (article 32)", [list(SECURITE)]),
        Section("Autres sous-traitants", [
            f"Chaque ajout est annoncé {PREAVIS_JOURS} jours avant ; l’agence peut s’y opposer pendant ce temps. "
            "L’exploitant leur impose les mêmes obligations et répond d’eux.",
            [f"{s.nom} ({s.pays}) : {s.role} ; données : {s.donnees}" for s in running] or ["Aucun à ce jour."],
        ]),
        Section("Aide à l’agence", [
            "L’exploitant transmet à l’agence les demandes des personnes qui la regardent, avec l’échéance d’un mois ; il "
            "l’aide pour la sécurité, les violations, les analyses d’impact et la consultation de la CNIL.",
        ]),
        Section("Violations de données", [
            "L’exploitant prévient l’agence sans retard après en avoir eu connaissance, avec ce qu’il sait de la nature, "
            "des personnes, des conséquences et des mesures (RGPD art. 33.2).",
        ]),
        Section("Sort des données à la fin du contrat", [
            "L’agence reçoit le dossier complet de ses données, ses documents et les retours de ses clients, avec un "
            "inventaire et leurs empreintes. Le septième jour, tout est effacé, sauvegardes comprises, par destruction de "
            "la clé de l’agence ; un certificat signé le constate.",
        ]),
        Section("Audit", [
            "Le programme est libre et vérifiable ; l’exploitant met à disposition de l’agence ses registres, ses journaux "
            "et ce qui démontre le respect de cet accord, et se prête aux audits.",
        ]),
        Section("Signatures", [
            "Pour l’agence : nom, qualité, date, signature.", "Pour l’exploitant : nom, qualité, date, signature.",
        ]),
    ]  # fmt: skip


def agreement_pdf(
    agence: Agence, sous_traitants: list[SousTraitant], instructions: list[Instruction]
) -> bytes:
    """Return the agreement as a PDF, in French."""
    return sections_pdf(
        TITRE,
        f"Article 28 du règlement (UE) 2016/679 · {agence.nom} · état au {date_simple(today())}",
        agreement(agence, sous_traitants, instructions),
        langue="fr",
        pied=f"Palier · {agence.nom}",
    )
