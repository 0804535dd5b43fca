"""The models of privacy, one module for each subject."""

from palier.vie_privee.models.comptes import (
    AvertissementInactivite,
    CompteEfface,
    ExecutionRegle,
    SuppressionDemandee,
)
from palier.vie_privee.models.devoirs import (
    Communication,
    Instruction,
    Obligation,
    Opposition,
    SousTraitant,
)
from palier.vie_privee.models.droits import (
    DemandeAgence,
    DemandeCompte,
    Directive,
    ExportDonnees,
    Limitation,
    LimitationCompte,
)
from palier.vie_privee.models.incidents import (
    Assistance,
    EtatPublic,
    Incident,
    IncidentAgence,
    IncidentPersonne,
)
from palier.vie_privee.models.temoins import Audience, AudienceAgence, ChoixTemoins
from palier.vie_privee.models.textes import Acceptation, BrouillonTexte, NoticeAgence, TexteLegal

__all__ = [
    "Acceptation",
    "Assistance",
    "Audience",
    "AudienceAgence",
    "AvertissementInactivite",
    "BrouillonTexte",
    "ChoixTemoins",
    "Communication",
    "CompteEfface",
    "DemandeAgence",
    "DemandeCompte",
    "Directive",
    "EtatPublic",
    "ExecutionRegle",
    "ExportDonnees",
    "Incident",
    "IncidentAgence",
    "IncidentPersonne",
    "Instruction",
    "Limitation",
    "LimitationCompte",
    "NoticeAgence",
    "Obligation",
    "Opposition",
    "SousTraitant",
    "SuppressionDemandee",
    "TexteLegal",
]
