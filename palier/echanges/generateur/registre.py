"""The working state of a generation: tables, persons, comptes with their ledger, and the printed pieces."""

import hashlib
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TypeAlias

from .colonnes import COLONNES
from .paquet import csv_bytes, describe, manifest, manifest_bytes, write_zip
from .parts import ZERO
from .resume import Profil

Valeur: TypeAlias = str | int | bool | Decimal | date | None


@dataclass(slots=True)
class Tiers:
    """A person or a company known to the agency."""

    id: str
    nature: str
    civilite: str
    nom: str
    prenom: str
    email: str
    adresse: tuple[str, str, str, str]

    @property
    def nom_complet(self) -> str:
        """Civility, first name and name, or the company's name."""
        return " ".join(x for x in (self.civilite, self.prenom, self.nom) if x)

    @property
    def lignes_adresse(self) -> list[str]:
        """Lines for the window of an envelope."""
        rue, complement, code_postal, ville = self.adresse
        return [x for x in (self.nom_complet, complement, rue, f"{code_postal} {ville}") if x]


@dataclass(slots=True)
class Titulaire:
    """A tiers on a compte: quality, share (1 is the whole), dates."""

    tiers: Tiers
    qualite: str = "titulaire"
    quote_part: Decimal | None = None
    debut: date | None = None
    fin: date | None = None
    acces: bool = True


@dataclass(slots=True)
class Mouvement:
    """A ledger line; exactly one of debit and credit is above zero."""

    le: date
    journal: str
    piece: str
    libelle: str
    debit: Decimal
    credit: Decimal
    lettrage: str = ""
    echeance_id: str = ""
    document_id: str = ""


@dataclass(slots=True)
class Ligne:
    """A line of an échéance, in euros."""

    nature: str
    libelle: str
    montant: Decimal
    lot_id: str = ""
    cle_id: str = ""


@dataclass(slots=True)
class Echeance:
    """A due item. Positive: the client owes; negative: the client is owed."""

    id: str
    type: str
    libelle: str
    debut: date
    fin: date
    emise_le: date
    exigible_le: date
    lignes: list[Ligne]
    regle: Decimal = ZERO
    document_id: str = ""

    @property
    def montant(self) -> Decimal:
        """Sum of the lines."""
        return sum((ligne.montant for ligne in self.lignes), ZERO)


@dataclass(slots=True)
class Compte:
    """A client account: one role, its holders, its due items and its ledger."""

    id: str
    role: str
    numero: str
    titulaires: list[Titulaire]
    comportement: str
    copropriete_id: str = ""
    principal_id: str = ""
    clos_le: date | None = None
    debiteur_depuis: date | None = None
    echeances: list[Echeance] = field(default_factory=list)
    mouvements: list[Mouvement] = field(default_factory=list)

    @property
    def titulaire(self) -> Tiers:
        """The first holder: the letters' addressee."""
        return self.titulaires[0].tiers

    @property
    def intitule(self) -> str:
        """Name of the account: `LEFÈVRE Hélène`, both names of a couple, `et autres` beyond two."""
        noms = [
            " ".join(x for x in (t.tiers.nom.upper(), t.tiers.prenom) if x)
            for t in self.titulaires
            if t.qualite not in ("representant", "garant")
        ]
        return " et ".join(noms[:2]) + (" et autres" if len(noms) > 2 else "")

    @property
    def solde(self) -> Decimal:
        """Debits minus credits; positive: the client owes."""
        return sum((m.debit - m.credit for m in self.mouvements), ZERO)

    def book(
        self,
        le: date,
        journal: str,
        libelle: str,
        montant: Decimal,
        *,
        echeance: Echeance | None = None,
        lettrage: str = "",
        document_id: str = "",
    ) -> None:
        """Add a ledger line: a debit when `montant` is positive, a credit when negative; nothing at zero."""
        if not montant:
            return
        piece = f"{journal}-{le:%y%m}-{len(self.mouvements) + 1:03d}"
        self.mouvements.append(
            Mouvement(
                le,
                journal,
                piece,
                libelle,
                max(montant, ZERO),
                max(-montant, ZERO),
                lettrage,
                echeance.id if echeance else "",
                document_id,
            )
        )


def text(valeur: Valeur) -> str:
    """A value in the dialect `canon`."""
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "true" if valeur else "false"
    if isinstance(valeur, Decimal):
        return f"{valeur:.2f}"
    return valeur.isoformat() if isinstance(valeur, date) else str(valeur)


class Dossier:
    """Rows of every table and bytes of every file, written at the end as one zip."""

    def __init__(self) -> None:
        self.tables: dict[str, list[list[str]]] = {table: [] for table in COLONNES}
        self.fichiers: dict[str, bytes] = {}
        self.empreintes: dict[str, str] = {}

    def add(self, table: str, **valeurs: Valeur) -> None:
        """Add a row; a column missing from `valeurs` is empty, an unknown one raises KeyError."""
        inconnues = valeurs.keys() - set(COLONNES[table])
        if inconnues:
            raise KeyError(f"{table}: {sorted(inconnues)}")
        self.tables[table].append([text(valeurs.get(c)) for c in COLONNES[table]])

    def store(self, chemin: str, contenu: bytes) -> str:
        """Keep a file and return its sha256."""
        self.fichiers[chemin] = contenu
        self.empreintes[chemin] = hashlib.sha256(contenu).hexdigest()
        return self.empreintes[chemin]

    def write(self, slug: str, reference: date, target: Path) -> dict[str, int]:
        """Write the zip and return the number of rows of each table that is not empty."""
        lignes = {table: len(rangees) for table, rangees in self.tables.items() if rangees}
        contenus = {t: csv_bytes(COLONNES[t], self.tables[t]) for t in lignes}
        fichiers = [describe(t, c, lignes[t]) for t, c in contenus.items()]
        membres = [("dossier.json", manifest_bytes(manifest(slug, reference, fichiers)))]
        membres += [(f"{t}.csv", c) for t, c in contenus.items()]
        membres += sorted(self.fichiers.items())
        write_zip(target, membres)
        return lignes


@dataclass(slots=True)
class Chantier:
    """Everything that the steps of one agency's generation share."""

    profil: Profil
    reference: date
    graine: int
    dossier: Dossier = field(default_factory=Dossier)
    comptes: dict[str, Compte] = field(default_factory=dict)
    cles: dict[str, tuple[Tiers, list[str]]] = field(default_factory=dict)

    def random(self, sujet: str) -> Random:
        """A generator of its own for each subject: adding one subject does not move the others."""
        return Random(f"{self.graine}/{self.profil.slug}/{sujet}")

    def remember(self, capacite: str, tiers: Tiers, *comptes: Compte) -> None:
        """Note a key person of the demo, with the comptes that make his capacity; the first of each stays.

        Somebody without e-mail is no key person: an invitation could not be shown.
        """
        if not tiers.email:
            return
        retenu, connus = self.cles.setdefault(capacite, (tiers, []))
        if retenu is tiers:
            connus += [c.id for c in comptes if c.id not in connus]

    def showcase(self) -> set[str]:
        """The comptes of the named persons of the demo: their whole history is printed."""
        nommees = {r.capacite for r in self.profil.roles} | {"membre_conseil"}
        return {c for capacite, (_, comptes) in self.cles.items() if capacite in nommees for c in comptes}
