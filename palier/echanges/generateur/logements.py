"""The dwellings under management: flats of our own copropriétés, houses and small buildings elsewhere."""

from dataclasses import dataclass
from decimal import Decimal

from .copropriete import Copropriete, Lot
from .parts import euros
from .registre import Chantier, Compte
from .vocabulaire import VOIES


@dataclass(frozen=True, slots=True)
class Logement:
    """A dwelling under management; `compte` is the co-owner's when it lies in one of our copropriétés."""

    lot_id: str
    nom: str
    adresse: tuple[str, str, str, str]
    surface: Decimal
    copropriete: Compte | None = None


class Logements:
    """Chooses or makes the dwellings of one agency."""

    def __init__(self, chantier: Chantier, copros: list[Copropriete]) -> None:
        self.chantier, self.copros = chantier, copros
        self.rng = chantier.random("logements")

    def own(self) -> list[Logement]:
        """Flats of our own copropriétés whose owner lets them through us."""
        choisis: list[Logement] = []
        voulus = self.chantier.profil.baux_en_copropriete
        cle = self.chantier.cles.get("coproprietaire_bailleur")
        for copro in self.copros[1:]:
            for detention in copro.detentions:
                lot, compte = detention.lot, detention.compte
                if lot.type != "appartement" or detention.fin is not None:
                    continue
                attendu = cle is not None and compte.titulaire is cle[0]
                protege = any(t is compte.titulaire for t, _ in self.chantier.cles.values()) and not attendu
                if attendu or (not protege and len(choisis) < voulus - 1 and self.rng.random() < 0.13):
                    choisis.append(
                        Logement(
                            lot.id,
                            f"{lot.nom}, {copro.profil.nom}",
                            self._address(copro, lot),
                            lot.surface,
                            compte,
                        )
                    )
        return choisis[:voulus]

    def _address(self, copro: Copropriete, lot: Lot) -> tuple[str, str, str, str]:
        batiment = copro.profil.batiments[ord(lot.batiment) - ord("A")]
        complement = f"Bâtiment {lot.batiment}, appartement {lot.numero}"
        profil = self.chantier.profil
        return f"{batiment.numero} {batiment.voie}", complement, profil.code_postal, profil.ville

    def others(self, nombre: int) -> list[Logement]:
        """Houses and small buildings outside our copropriétés."""
        profil, logements, rang = self.chantier.profil, list[Logement](), 0
        while len(logements) < nombre:
            rang += 1
            taille = min((1, 3, 2, 1, 4, 6)[rang % 6], nombre - len(logements))
            numero, voie = str(self.rng.randint(1, 120)), self.rng.choice(VOIES)
            immeuble = f"IG{rang:03d}"
            self.chantier.dossier.add(
                "immeubles",
                id=immeuble,
                code=f"G{rang:03d}",
                libelle="Maison" if taille == 1 else f"Immeuble du {numero} {voie}",
                numero=numero,
                voie=voie,
                code_postal=profil.code_postal,
                commune=profil.ville,
                code_insee=profil.code_insee,
            )
            for porte in range(1, taille + 1):
                sorte = "maison" if taille == 1 else "appartement"
                surface = euros(self.rng.randint(70, 130) if taille == 1 else self.rng.randint(19, 82))
                lot_id = f"LG{rang:03d}-{porte}"
                self.chantier.dossier.add(
                    "lots",
                    id=lot_id,
                    immeuble_id=immeuble,
                    numero=str(porte),
                    type=sorte,
                    etage=str((porte - 1) // 2),
                    porte=f"{porte}",
                    surface_m2=surface,
                )
                nom = f"{'Maison' if taille == 1 else f'Appartement {porte}'}, {numero} {voie}"
                complement = "" if taille == 1 else f"Appartement {porte}"
                adresse = (f"{numero} {voie}", complement, profil.code_postal, profil.ville)
                logements.append(Logement(lot_id, nom, adresse, surface))
        return logements
