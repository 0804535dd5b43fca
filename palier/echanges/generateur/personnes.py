"""Invented persons: unique e-mails ending in `.example`, some without e-mail, some without telephone."""

import unicodedata
from datetime import timedelta
from random import Random

from .registre import Chantier, Tiers
from .resume import Role
from .vocabulaire import COMPLEMENTS, DOMAINES, FEMMES, HOMMES, NOMS, VILLES, VOIES


def plain(texte: str) -> str:
    """Lower-case ASCII letters of a name, words joined by hyphens."""
    simple = (
        unicodedata.normalize("NFKD", texte.replace("œ", "oe")).encode("ascii", "ignore").decode().lower()
    )
    return "-".join("".join(c if c.isalnum() else " " for c in simple).split())


class Annuaire:
    """Makes the tiers of one agency and writes their rows; ids follow the order of creation."""

    def __init__(self, chantier: Chantier) -> None:
        self.chantier = chantier
        self.rng: Random = chantier.random("annuaire")
        self.emails: set[str] = set()
        self.rang = 0

    def email(self, prenom: str, nom: str) -> str:
        """An address that nobody has yet in this agency."""
        base = ".".join(x for x in (plain(prenom), plain(nom)) if x)
        domaine = self.rng.choice(DOMAINES)
        adresse, suite = f"{base}@{domaine}", 2
        while adresse in self.emails:
            adresse, suite = f"{base}{suite}@{domaine}", suite + 1
        self.emails.add(adresse)
        return adresse

    def address(self) -> tuple[str, str, str, str]:
        """A postal address: street, complement, postcode, town."""
        code_postal, ville = self.rng.choice(VILLES)
        return (
            f"{self.rng.randint(1, 140)} {self.rng.choice(VOIES)}",
            self.rng.choice(COMPLEMENTS),
            code_postal,
            ville,
        )

    def role(self, role: Role, adresse: tuple[str, str, str, str] | None = None) -> Tiers:
        """A key person: always with an e-mail, so that an invitation can be shown."""
        courriel = f"{plain(role.prenom)}.{plain(role.nom)}@courriel.example"
        self.emails.add(courriel)
        return self._keep("PP", role.civilite, role.nom, role.prenom, courriel, adresse or self.address())

    def person(
        self,
        nom: str | None = None,
        adresse: tuple[str, str, str, str] | None = None,
        email: str | None = None,
        femme: bool | None = None,
    ) -> Tiers:
        """A natural person; one in seven has no e-mail. A family shares `nom`, `adresse`, `email`."""
        est_femme = self.rng.random() < 0.5 if femme is None else femme
        prenom = self.rng.choice(FEMMES if est_femme else HOMMES)
        famille = nom or self.rng.choice(NOMS)
        if email is None:
            email = self.email(prenom, famille) if self.rng.random() > 0.15 else ""
        return self._keep(
            "PP", "Mme" if est_femme else "M.", famille, prenom, email, adresse or self.address()
        )

    def company(self, nom: str) -> Tiers:
        """A legal person with an invented SIREN."""
        return self._keep("PM", "", nom, "", self.email("contact", nom), self.address())

    def _keep(
        self,
        nature: str,
        civilite: str,
        nom: str,
        prenom: str,
        email: str,
        adresse: tuple[str, str, str, str],
    ) -> Tiers:
        self.rang += 1
        tiers = Tiers(f"T{self.rang:05d}", nature, civilite, nom, prenom, email, adresse)
        rng, reference = self.rng, self.chantier.reference
        consentement = (
            reference - timedelta(days=rng.randint(20, 900)) if email and rng.random() < 0.6 else None
        )
        self.chantier.dossier.add(
            "tiers",
            id=tiers.id,
            nature=nature,
            civilite=civilite,
            nom=nom,
            prenom=prenom,
            siren=f"999{rng.randint(0, 999999):06d}" if nature == "PM" else None,
            email=email,
            telephone_mobile=self._telephone("06 39 98", 0.8),
            telephone_fixe=self._telephone("02 61 91", 0.35),
            adresse_1=adresse[0],
            adresse_2=adresse[1],
            code_postal=adresse[2],
            ville=adresse[3],
            pays="FR",
            consentement_demat_le=consentement,
        )
        return tiers

    def _telephone(self, prefixe: str, part: float) -> str | None:
        fin = f"{self.rng.randint(0, 99):02d} {self.rng.randint(0, 99):02d}"
        return f"{prefixe} {fin}" if self.rng.random() < part else None
