"""Large dossiers for the benchmarks: streamed table by table, no list of rows is kept in memory."""

import csv
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from . import echelle_lignes as rows
from .colonnes import COLONNES
from .echelle_lignes import PDF, Echelle, Rangee
from .paquet import manifest, manifest_bytes, member
from .presse import print_piece
from .resume import Resume


def generate_scaled(
    target_dir: Path,
    agences: int,
    lots: int,
    reference: date,
    seed: int,
    mouvements_par_compte: int = 12,
    pdf: bool = False,
    documents_par_compte: int = 2,
    propres: bool = False,
) -> list[Resume]:
    """Write `agences` dossiers of `lots` lots each into `target_dir` and return their summaries.

    Every compte has `mouvements_par_compte` ledger lines that sum to its balance, and a call of funds for two
    of them (the last twelve calls only). With `pdf`, each compte also has `documents_par_compte`
    documents, all served by one shared file, or each by its own when `propres`.
    """
    target_dir.mkdir(parents=True, exist_ok=True)
    documents = documents_par_compte if pdf else 0
    return [
        _write(
            Echelle(
                f"echelle-{rang:04d}", lots, mouvements_par_compte, documents, reference, seed + rang, propres
            ),
            target_dir / f"echelle-{rang:04d}.zip",
        )
        for rang in range(1, agences + 1)
    ]


def _write(echelle: Echelle, target: Path) -> Resume:
    piece = _shared_piece(echelle) if echelle.documents and not echelle.propres else b""
    tables: dict[str, Iterable[Rangee]] = {
        "tiers": rows.rows_tiers(echelle),
        "coproprietes": rows.rows_coproprietes(echelle),
        "immeubles": rows.rows_immeubles(echelle),
        "lots": rows.rows_lots(echelle),
        "cles": rows.rows_cles(echelle),
        "tantiemes": rows.rows_tantiemes(echelle),
        "comptes": rows.rows_comptes(echelle),
        "comptes_tiers": rows.rows_comptes_tiers(echelle),
        "detentions": rows.rows_detentions(echelle),
        "echeances": rows.rows_echeances(echelle),
        "echeances_lignes": rows.rows_echeances_lignes(echelle),
        "mouvements": rows.rows_mouvements(echelle),
        "acces": rows.rows_acces(echelle),
    }
    if echelle.documents:
        tables["documents"] = rows.rows_documents(echelle, piece)
    with tempfile.TemporaryDirectory(dir=target.parent) as dossier:
        fichiers = [_spool(Path(dossier), table, lignes) for table, lignes in tables.items()]
        with zipfile.ZipFile(target, "w", compresslevel=1) as archive:
            archive.writestr(
                member("dossier.json", True),
                manifest_bytes(manifest(echelle.slug, echelle.reference, fichiers)),
            )
            for table in tables:
                nom = f"{table}.csv"
                with (
                    (Path(dossier) / nom).open("rb") as source,
                    archive.open(member(nom, True), "w") as cible,
                ):
                    shutil.copyfileobj(source, cible, 1 << 20)
            if piece:
                archive.writestr(member(PDF, True), piece)
            if echelle.propres:
                for nom, contenu in rows.own_pieces(echelle):
                    archive.writestr(member(nom, True), contenu)
    return Resume(
        slug=echelle.slug,
        nom=f"Agence d'échelle {echelle.slug[-4:]}",
        path=target,
        adresse="1 rue de l'Écluse",
        code_postal="49000",
        ville="Angers",
        telephone="02 61 91 00 00",
        couleur="#555555",
        lignes={f["table"]: f["lignes"] for f in fichiers},
        fichiers_pdf=echelle.lots * echelle.documents if echelle.propres else 1 if piece else 0,
    )


def _spool(dossier: Path, table: str, lignes: Iterable[Rangee]) -> dict[str, Any]:
    """Write one table to a temporary file and describe it."""
    chemin, compte = dossier / f"{table}.csv", 0
    with chemin.open("w", encoding="utf-8", newline="") as sortie:
        redacteur = csv.writer(sortie, delimiter=";", lineterminator="\n")
        redacteur.writerow(COLONNES[table])
        for ligne in lignes:
            compte += 1
            redacteur.writerow(ligne)
    with chemin.open("rb") as source:
        empreinte = hashlib.file_digest(source, "sha256").hexdigest()
    return {"table": table, "chemin": f"{table}.csv", "lignes": compte, "sha256": empreinte}


def _shared_piece(echelle: Echelle) -> bytes:
    return print_piece(
        {
            "titre": "Document d'échelle",
            "sous_titre": "",
            "date": echelle.reference.isoformat(),
            "agence": {"nom": echelle.slug, "adresse": "", "telephone": "", "couleur": "#555555"},
            "destinataire": [],
            "pied": "Document de démonstration",
            "blocs": [{"t": "texte", "x": "Ce fichier est servi par tous les documents de ce dossier."}],
        }
    )
