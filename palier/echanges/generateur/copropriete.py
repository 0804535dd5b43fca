"""One copropriété: buildings, lots, distribution keys whose tantièmes sum to their base."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .parts import euros, share_units
from .registre import Chantier, Compte, Tiers
from .resume import ProfilBatiment, ProfilCopropriete

PRINCIPAUX = ("appartement", "commerce")


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot of a copropriété or a dwelling under management."""

    id: str
    numero: str
    type: str
    immeuble_id: str
    batiment: str
    etage: int
    surface: Decimal

    @property
    def nom(self) -> str:
        """`Appartement, lot 12`."""
        return f"{self.type.capitalize()}, lot {self.numero}"


@dataclass(frozen=True, slots=True)
class Cle:
    """A distribution key; `parts` maps each lot concerned to its tantièmes."""

    id: str
    code: str
    libelle: str
    base: int
    parts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Detention:
    """A lot held by a compte from a day to another (open when `fin` is empty)."""

    lot: Lot
    compte: Compte
    debut: date
    fin: date | None


@dataclass(slots=True)
class Copropriete:
    """A copropriété with everything that the later steps need."""

    id: str
    profil: ProfilCopropriete
    adresse: str
    immeubles: list[str] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    cles: list[Cle] = field(default_factory=list)
    detentions: list[Detention] = field(default_factory=list)
    conseil: list[tuple[Tiers, str, date, date]] = field(default_factory=list)

    def holder(self, lot_id: str, jour: date) -> Compte:
        """The compte that holds a lot on a day. The last holder's last day is the day before the sale."""
        return next(
            d.compte
            for d in self.detentions
            if d.lot.id == lot_id and d.debut <= jour and (d.fin is None or jour <= d.fin)
        )

    def held_by(self, compte: Compte, jour: date) -> list[Lot]:
        """The lots that a compte holds on a day."""
        return [
            d.lot
            for d in self.detentions
            if d.compte is compte and d.debut <= jour and (d.fin is None or jour <= d.fin)
        ]

    def active(self, jour: date) -> list[Compte]:
        """The comptes that hold a lot on a day, in the order of the lots."""
        vus = {
            d.compte.id: d.compte
            for d in self.detentions
            if d.debut <= jour and (d.fin is None or jour <= d.fin)
        }
        return list(vus.values())

    def key(self, code: str) -> list[Cle]:
        """The keys of a family: `ASC` gives one key per building when the lifts are apart."""
        return [c for c in self.cles if c.code.startswith(code)]

    def voices(self, compte: Compte, jour: date) -> int:
        """General tantièmes of a compte: its votes at a meeting."""
        parts = self.cles[0].parts
        return sum(parts.get(lot.id, 0) for lot in self.held_by(compte, jour))


def build_copropriete(chantier: Chantier, profil: ProfilCopropriete) -> Copropriete:
    """Write the copropriété, its immeubles, lots, keys and tantièmes."""
    premiere = profil.batiments[0]
    ville = f"{chantier.profil.code_postal} {chantier.profil.ville}"
    copro = Copropriete(f"C{profil.code}", profil, f"{premiere.numero} {premiere.voie}, {ville}")
    rng, reference = chantier.random(f"copropriete/{profil.code}"), chantier.reference
    chantier.dossier.add(
        "coproprietes",
        id=copro.id,
        code=profil.code,
        nom=profil.nom,
        immatriculation_rnc=f"ZZ{rng.randint(0, 9999999):07d}",
        reglement_le=date(profil.construction, rng.randint(1, 12), rng.randint(1, 28)),
        mandat_syndic_debut=date(reference.year - 1, 6, 1),
        mandat_syndic_fin=date(reference.year + 1, 5, 31),
        gestionnaire_id=rng.choice(("G1", "G2")),
        etablissement_id="E1",
    )
    for rang, batiment in enumerate(profil.batiments):
        _add_building(chantier, copro, batiment, chr(ord("A") + rang))
    _add_annexes(chantier, copro)
    _add_keys(chantier, copro)
    return copro


def _add_building(chantier: Chantier, copro: Copropriete, batiment: ProfilBatiment, lettre: str) -> None:
    immeuble_id = f"I{copro.profil.code}{lettre}"
    rng = chantier.random(f"immeuble/{immeuble_id}")
    copro.immeubles.append(immeuble_id)
    chantier.dossier.add(
        "immeubles",
        id=immeuble_id,
        copropriete_id=copro.id,
        code=lettre,
        libelle=batiment.libelle,
        numero=batiment.numero,
        voie=batiment.voie,
        code_postal=chantier.profil.code_postal,
        commune=chantier.profil.ville,
        code_insee=chantier.profil.code_insee,
        latitude=str(round(47.2 + rng.random() / 2, 5)),
        longitude=str(round(-1.5 + rng.random(), 5)),
    )
    for _ in range(batiment.commerces):
        _add_lot(chantier, copro, "commerce", immeuble_id, lettre, 0, rng.randint(45, 110))
    for rang in range(batiment.appartements):
        etage = rang * (batiment.etages + 1) // batiment.appartements
        _add_lot(chantier, copro, "appartement", immeuble_id, lettre, etage, rng.randint(24, 98))


def _add_annexes(chantier: Chantier, copro: Copropriete) -> None:
    rng = chantier.random(f"annexes/{copro.id}")
    for rang in range(copro.profil.caves + copro.profil.parkings):
        indice = rang % len(copro.immeubles)
        sorte, surface = ("cave", rng.randint(3, 9)) if rang < copro.profil.caves else ("parking", 12)
        _add_lot(chantier, copro, sorte, copro.immeubles[indice], chr(ord("A") + indice), -1, surface)


def _add_lot(
    chantier: Chantier,
    copro: Copropriete,
    sorte: str,
    immeuble_id: str,
    batiment: str,
    etage: int,
    surface: int,
) -> None:
    numero = str(len(copro.lots) + 1)
    rng = chantier.random(f"lot/{copro.id}/{numero}")
    metres = euros(surface) + euros(rng.randint(0, 99)).scaleb(-2)
    lot = Lot(
        f"L{copro.profil.code}-{int(numero):03d}", numero, sorte, immeuble_id, batiment, etage, euros(metres)
    )
    copro.lots.append(lot)
    chantier.dossier.add(
        "lots",
        id=lot.id,
        immeuble_id=immeuble_id,
        copropriete_id=copro.id,
        numero=numero,
        type=sorte,
        batiment=batiment,
        escalier="1" if sorte == "appartement" else None,
        etage=str(etage),
        porte=rng.choice(("gauche", "droite", "face")) if sorte == "appartement" else None,
        surface_m2=lot.surface,
    )


def _weights(copro: Copropriete, code: str) -> dict[str, int]:
    """Weight of each lot concerned by a key: surface, corrected by the floor."""
    poids: dict[str, int] = {}
    for lot in copro.lots:
        surface = int(lot.surface * 10)
        if code == "GEN":
            poids[lot.id] = (
                surface * (100 + 2 * max(lot.etage, 0)) // (100 if lot.type in PRINCIPAUX else 300) + 1
            )
        elif code.startswith("ASC") and lot.type == "appartement" and lot.etage > 0:
            if code in ("ASC", f"ASC-{lot.batiment}"):
                poids[lot.id] = surface * (10 + 4 * lot.etage)
        elif code == "CHA" and lot.type in PRINCIPAUX:
            poids[lot.id] = surface
        elif code == "EAU" and lot.type in PRINCIPAUX:
            poids[lot.id] = 200 + surface // 2
    return poids


def _add_keys(chantier: Chantier, copro: Copropriete) -> None:
    plusieurs = len(copro.immeubles) > 2
    ascenseurs = [f"ASC-{i[-1]}" for i in copro.immeubles] if plusieurs else ["ASC"]
    libelles = {"GEN": "Charges générales", "CHA": "Chauffage collectif", "EAU": "Eau froide"}
    for code in ("GEN", *ascenseurs, "CHA", "EAU"):
        base = copro.profil.base if code == "GEN" else 10000
        libelle = libelles.get(code) or ("Ascenseur" + (f" bâtiment {code[-1]}" if plusieurs else ""))
        poids = _weights(copro, code)
        valeurs = share_units(base, list(poids.values()))
        cle = Cle(f"K{copro.profil.code}-{code}", code, libelle, base, dict(zip(poids, valeurs, strict=True)))
        copro.cles.append(cle)
        chantier.dossier.add(
            "cles", id=cle.id, copropriete_id=copro.id, code=code, libelle=libelle, base=base
        )
        for lot_id, valeur in cle.parts.items():
            chantier.dossier.add("tantiemes", cle_id=cle.id, lot_id=lot_id, valeur=valeur)


def previous_day(jour: date) -> date:
    """The day before."""
    return jour - timedelta(days=1)
