"""Reads a dossier back for the tests, with nothing of the generator."""

import csv
import io
import zipfile
from decimal import Decimal
from pathlib import Path

RELATIONS = {
    "gestionnaires": {"etablissement_id": "etablissements"},
    "coproprietes": {"gestionnaire_id": "gestionnaires", "etablissement_id": "etablissements"},
    "immeubles": {"copropriete_id": "coproprietes"},
    "lots": {"immeuble_id": "immeubles", "copropriete_id": "coproprietes", "rattache_a_id": "lots"},
    "cles": {"copropriete_id": "coproprietes"},
    "tantiemes": {"cle_id": "cles", "lot_id": "lots"},
    "comptes": {"copropriete_id": "coproprietes", "compte_principal_id": "comptes"},
    "comptes_tiers": {"compte_id": "comptes", "tiers_id": "tiers"},
    "detentions": {"lot_id": "lots", "compte_id": "comptes"},
    "conseil_syndical": {"copropriete_id": "coproprietes", "tiers_id": "tiers"},
    "mandats": {"compte_id": "comptes", "gestionnaire_id": "gestionnaires"},
    "mandats_lots": {"mandat_id": "mandats", "lot_id": "lots"},
    "baux": {"mandat_id": "mandats", "compte_id": "comptes"},
    "baux_lots": {"bail_id": "baux", "lot_id": "lots"},
    "exercices": {"copropriete_id": "coproprietes"},
    "budgets": {"exercice_id": "exercices", "cle_id": "cles"},
    "depenses": {"exercice_id": "exercices", "cle_id": "cles", "document_id": "documents"},
    "echeances": {"compte_id": "comptes", "document_id": "documents"},
    "echeances_lignes": {"echeance_id": "echeances", "lot_id": "lots", "cle_id": "cles"},
    "mouvements": {"compte_id": "comptes", "echeance_id": "echeances", "document_id": "documents"},
    "assemblees": {"copropriete_id": "coproprietes"},
    "resolutions": {"assemblee_id": "assemblees"},
    "contrats": {"copropriete_id": "coproprietes", "bail_id": "baux", "document_id": "documents"},
    "documents": {"remplace_id": "documents"},
    "acces": {"compte_id": "comptes"},
}
PORTEES = {
    "copropriete": "coproprietes",
    "immeuble": "immeubles",
    "lot": "lots",
    "mandat": "mandats",
    "bail": "baux",
    "compte": "comptes",
    "assemblee": "assemblees",
}
CLES_PRIMAIRES = {
    "tantiemes": ("cle_id", "lot_id"),
    "comptes_tiers": ("compte_id", "tiers_id"),
    "detentions": ("lot_id", "compte_id", "debut"),
    "conseil_syndical": ("copropriete_id", "tiers_id"),
    "mandats_lots": ("mandat_id", "lot_id"),
    "baux_lots": ("bail_id", "lot_id"),
    "echeances_lignes": ("echeance_id", "rang"),
    "budgets": ("exercice_id", "cle_id", "compte_comptable"),
    "resolutions": ("assemblee_id", "numero"),
    "acces": ("compte_id",),
}


def read_tables(chemin: Path) -> dict[str, list[dict[str, str]]]:
    """Every table of a zip, empty values kept as ""."""
    with zipfile.ZipFile(chemin) as archive:
        return {
            nom[:-4]: list(csv.DictReader(io.StringIO(archive.read(nom).decode()), delimiter=";"))
            for nom in archive.namelist()
            if nom.endswith(".csv")
        }


def broken_relations(tables: dict[str, list[dict[str, str]]]) -> list[tuple[str, str, str]]:
    """(table, column, value) of each reference without its row."""
    ids = {table: {ligne["id"] for ligne in lignes if "id" in ligne} for table, lignes in tables.items()}
    rompues = [
        (table, colonne, ligne[colonne])
        for table, colonnes in RELATIONS.items()
        for colonne, cible in colonnes.items()
        for ligne in tables.get(table, [])
        if ligne[colonne] and ligne[colonne] not in ids.get(cible, set())
    ]
    return rompues + [
        ("documents", "portee_id", d["portee_id"])
        for d in tables.get("documents", [])
        if d["portee_id"] not in ids.get(PORTEES[d["portee"]], set())
    ]


def duplicates(tables: dict[str, list[dict[str, str]]]) -> list[tuple[str, tuple[str, ...]]]:
    """(table, key) of each primary key met twice."""
    doubles = []
    for table, lignes in tables.items():
        vues: set[tuple[str, ...]] = set()
        for ligne in lignes:
            cle = tuple(ligne[c] for c in CLES_PRIMAIRES.get(table, ("id",)))
            if cle in vues:
                doubles.append((table, cle))
            vues.add(cle)
    return doubles


def total(lignes: list[dict[str, str]], groupe: str, plus: str, moins: str = "") -> dict[str, Decimal]:
    """Sum of a column, less another, by group."""
    sommes: dict[str, Decimal] = {}
    for ligne in lignes:
        montant = Decimal(ligne[plus]) - (Decimal(ligne[moins]) if moins else 0)
        sommes[ligne[groupe]] = sommes.get(ligne[groupe], Decimal(0)) + montant
    return sommes
