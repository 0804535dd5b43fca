"""The models of privacy, one module for each subject."""

from palier.vie_privee.models.devoirs import (
    Communication,
    Instruction,
    Obligation,
    Opposition,
    SousTraitant,
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
    "BrouillonTexte",
    "ChoixTemoins",
    "Communication",
    "EtatPublic",
    "Incident",
    "IncidentAgence",
    "IncidentPersonne",
    "Instruction",
    "NoticeAgence",
    "Obligation",
    "Opposition",
    "SousTraitant",
    "TexteLegal",
]
