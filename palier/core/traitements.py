"""Declarations of processing (RGPD art. 30), written next to the code that does it: ``<room>/traitements.py``.

In French only: the registers that they make are read by the CNIL.
"""

from dataclasses import dataclass
from enum import StrEnum


class Qualite(StrEnum):
    """In which capacity the exploitant processes: RGPD art. 30.1 (controller) or 30.2 (processor of an agence)."""

    RESPONSABLE = "responsable"
    SOUS_TRAITANT = "sous_traitant"


@dataclass(frozen=True, slots=True)
class Traitement:
    """One processing: what art. 30 asks to write, and the tables where it happens (``room.Model``)."""

    cle: str
    nom: str
    qualite: Qualite
    finalite: str
    base: str
    personnes: str
    donnees: str
    destinataires: str
    duree: str
    tables: tuple[str, ...]


#: Measures of security common to every processing (RGPD art. 32), said once in each register.
SECURITE = (
    "cloisonnement des agences par la base de données (sécurité par ligne imposée à tous)",
    "fichiers chiffrés avec une clé propre à chaque agence (AES-256-GCM)",
    "mots de passe hachés (Argon2id) et poivrés, sessions révocables, essais limités",
    "journal des actes en ajout seul, chaîné par empreintes",
    "connexions chiffrées, politique de contenu stricte, aucune ressource tierce",
    "sauvegardes chiffrées, restauration vérifiée",
)
