"""Drafts of the notices: to the CNIL (art. 33.3), to an agence (art. 33.2). In French, from what the register holds."""

from django.conf import settings

from palier.core.dates import date_simple, heure
from palier.vie_privee.models import Incident, IncidentAgence
from palier.vie_privee.rules.incidents import echeance_cnil
from palier.vie_privee.rules.textes import Section

_A_DIRE = "Encore inconnu : sera complété sans retard (RGPD, article 33.4)."


def cnil_sections(incident: Incident, agences: list[IncidentAgence]) -> list[Section]:
    """Return the draft of the notification to the CNIL, point by point of art. 33.3."""
    e = settings.EXPLOITANT
    limit = echeance_cnil(incident.constate_le)
    late = [f"Raison du retard : {incident.retard}"] if incident.retard else []
    return [
        Section("Qui notifie", [
            f"{e['nom']}, {e['forme']}, {e['adresse']}, {e['immatriculation']}.",
            f"Délégué à la protection des données (article 33.3.b) : {e['dpo']}, {e['dpo_adresse']}, {e['telephone']}.",
        ]),
        Section("Quand", [
            f"Constatée le {date_simple(incident.constate_le)} à {heure(incident.constate_le)} ; à notifier avant le "
            f"{date_simple(limit)} à {heure(limit)}.",
            f"Début présumé : {date_simple(incident.debut_le)}.", *late,
        ]),
        Section("Nature de la violation (article 33.3.a)", [
            incident.titre, incident.description or _A_DIRE,
            f"Catégories de données : {incident.donnees or _A_DIRE}",
            f"Personnes concernées : {incident.personnes or 'nombre encore inconnu'}, chez {len(agences)} agence(s), "
            "responsables de leurs données ; l’exploitant est responsable des seules données de compte.",
        ]),
        Section("Conséquences probables (article 33.3.c)", [incident.consequences or _A_DIRE]),
        Section("Mesures prises ou proposées (article 33.3.d)", [incident.mesures or _A_DIRE]),
    ]  # fmt: skip


def agency_text(incident: Incident, number: int) -> str:
    """Return what an agence is told: what happened, its own persons, what was done, what it may have to do."""
    risk = (
        "À votre tour, si un risque existe pour les personnes, la CNIL doit être prévenue dans les 72 heures (RGPD, "
        "article 33) ; si le risque est élevé, les personnes aussi (article 34)."
    )
    parts = [
        incident.description or incident.titre,
        f"Données concernées : {incident.donnees or 'en cours d’analyse'}.",
        f"Personnes concernées chez vous : {number}.",
        f"Conséquences probables : {incident.consequences or 'en cours d’analyse'}.",
        f"Mesures : {incident.mesures or 'en cours'}.",
        risk,
    ]
    return "\n\n".join(parts)
