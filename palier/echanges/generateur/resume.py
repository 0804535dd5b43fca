"""What a generation is asked for (profiles) and what it tells back (the persons to sign in as)."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ProfilBatiment:
    """One building: its street address, floors above ground and dwellings."""

    libelle: str
    numero: str
    voie: str
    etages: int
    appartements: int
    commerces: int = 0


@dataclass(frozen=True, slots=True)
class ProfilCopropriete:
    """One copropriété: buildings, annexes, total of the general tantièmes and yearly budget in euros."""

    code: str
    nom: str
    batiments: tuple[ProfilBatiment, ...]
    caves: int
    parkings: int
    base: int
    budget: int
    construction: int
    fonds_travaux: bool = True
    travaux: str = ""

    @property
    def lots(self) -> int:
        """Number of lots, annexes included."""
        return sum(b.appartements + b.commerces for b in self.batiments) + self.caves + self.parkings


@dataclass(frozen=True, slots=True)
class Role:
    """A person of the demo who must exist: capacity, civility, first name, name."""

    capacite: str
    civilite: str
    prenom: str
    nom: str


@dataclass(frozen=True, slots=True)
class Profil:
    """One invented agency. `baux` counts dwellings under management, each with one current lease but two."""

    slug: str
    nom: str
    adresse: str
    code_postal: str
    ville: str
    code_insee: str
    telephone: str
    couleur: str
    siret: str
    carte: str
    coproprietes: tuple[ProfilCopropriete, ...] = ()
    mandats: int = 0
    baux: int = 0
    baux_en_copropriete: int = 0
    anciens_baux: int = 0
    trimestres: int = 12
    roles: tuple[Role, ...] = ()
    pdf: bool = True


@dataclass(frozen=True, slots=True)
class Personne:
    """A person worth signing in as: one tiers of the agency, with the comptes that he holds or held."""

    capacite: str
    tiers_id: str
    civilite: str
    prenom: str
    nom: str
    email: str
    comptes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resume:
    """What was written: the agency's identity, the zip, the key persons and the number of rows per table."""

    slug: str
    nom: str
    path: Path
    adresse: str
    code_postal: str
    ville: str
    telephone: str
    couleur: str
    personnes: dict[str, Personne] = field(default_factory=dict)
    lignes: dict[str, int] = field(default_factory=dict)
    fichiers_pdf: int = 0
