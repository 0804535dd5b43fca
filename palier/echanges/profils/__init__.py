"""Mapping profiles: declarative YAML that turns any export into a dossier. No code, no expression language."""

from .constats import Constat, Gravite, ProfilRefuse
from .conversion import Demande, Resultat, convert
from .modele import Profil, load_profile, shipped_profiles

__all__ = [
    "Constat",
    "Demande",
    "Gravite",
    "Profil",
    "ProfilRefuse",
    "Resultat",
    "convert",
    "load_profile",
    "shipped_profiles",
]
