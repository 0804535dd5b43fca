"""The models of privacy, one module for each subject."""

from palier.vie_privee.models.devoirs import (
    Communication,
    Instruction,
    Obligation,
    Opposition,
    SousTraitant,
)
from palier.vie_privee.models.temoins import Audience, AudienceAgence, ChoixTemoins
from palier.vie_privee.models.textes import Acceptation, BrouillonTexte, NoticeAgence, TexteLegal

__all__ = [
    "Acceptation",
    "Audience",
    "AudienceAgence",
    "BrouillonTexte",
    "ChoixTemoins",
    "Communication",
    "Instruction",
    "NoticeAgence",
    "Obligation",
    "Opposition",
    "SousTraitant",
    "TexteLegal",
]
