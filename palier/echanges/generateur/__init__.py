"""Deterministic generator of invented dossiers: the demo's three agencies, tests, benchmarks."""

from .agence import GRAINE, generate_agence, generate_demo
from .echelle import generate_scaled
from .paquet import pack_dossier
from .profils import AGENCES, ESSAI
from .resume import Personne, Profil, ProfilBatiment, ProfilCopropriete, Resume, Role

__all__ = [
    "AGENCES",
    "ESSAI",
    "GRAINE",
    "Personne",
    "Profil",
    "ProfilBatiment",
    "ProfilCopropriete",
    "Resume",
    "Role",
    "generate_agence",
    "generate_demo",
    "generate_scaled",
    "pack_dossier",
]
