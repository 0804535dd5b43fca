"""Makes small dossiers for tests: a sound one by default, changed by each test where it wants."""

import hashlib
import io
import itertools
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from palier.echanges.schemas import schemas

AGENCE = "essai"
_SEQUENCE = itertools.count(1)
ARRETE = "2026-11-22"
PDF = b"%PDF-1.4\n% invented\n%%EOF\n"


def csv_bytes(table: str, rows: list[dict[str, object]], columns: list[str] | None = None) -> bytes:
    """A table file in the canon dialect."""
    names = columns or list(schemas()[table].noms)
    lines = [";".join(names)]
    lines += [";".join(str(row.get(n, "")) for n in names) for row in rows]
    return ("\n".join(lines) + "\n").encode()


def document(name: str = "documents/d1.pdf", content: bytes = PDF, **values: object) -> dict[str, object]:
    """A documents row that agrees with its file."""
    return {
        "id": "D1",
        "fichier": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "octets": len(content),
        "mime": "application/pdf",
        "titre": "Appel de fonds",
        "categorie": "appel_de_fonds",
        "portee": "compte",
        "portee_id": "A1",
        "audience": "compte",
        **values,
    }


def sound_tables() -> dict[str, list[dict[str, object]]]:
    """Two copropriétés and a mandate with its lease, without any fault."""
    tables: dict[str, list[dict[str, object]]] = {
        "tiers": [
            {
                "id": "T1",
                "nature": "PP",
                "nom": "EXEMPLE",
                "prenom": "Alice",
                "email": "alice@personne.example",
            },
            {"id": "T2", "nature": "PP", "nom": "MODELE", "prenom": "Bruno"},
            {"id": "T3", "nature": "PM", "nom": "SCI DES ESSAIS"},
        ],
        "coproprietes": [{"id": "C1", "nom": "Résidence Un"}, {"id": "C2", "nom": "Résidence Deux"}],
        "immeubles": [
            {"id": "I1", "copropriete_id": "C1"},
            {"id": "I2", "copropriete_id": "C2"},
            {"id": "I3"},
        ],
        "lots": [
            {"id": "L1", "immeuble_id": "I1", "copropriete_id": "C1", "numero": "1"},
            {"id": "L2", "immeuble_id": "I2", "numero": "1"},
            {"id": "L3", "immeuble_id": "I3", "numero": "maison"},
        ],
        "cles": [{"id": "K1", "copropriete_id": "C1", "code": "001", "libelle": "Charges", "base": "1000"}],
        "tantiemes": [{"cle_id": "K1", "lot_id": "L1", "valeur": "1000"}],
        "comptes": [
            _account("A1", "coproprietaire", copropriete_id="C1", solde="152.30", solde_le=ARRETE),
            _account("A2", "coproprietaire", copropriete_id="C2", solde="0.00", solde_le=ARRETE),
            _account("B1", "bailleur"),
            _account("R1", "locataire"),
        ],
        "comptes_tiers": [
            {"compte_id": "A1", "tiers_id": "T1", "qualite": "titulaire", "debut": "2019-03-01"},
            {"compte_id": "A2", "tiers_id": "T2", "qualite": "titulaire"},
            {"compte_id": "B1", "tiers_id": "T3", "qualite": "titulaire"},
            {"compte_id": "R1", "tiers_id": "T2", "qualite": "titulaire"},
        ],
        "detentions": [{"lot_id": "L1", "compte_id": "A1", "debut": "2019-03-01"}],
        "mandats": [{"id": "M1", "numero": "1", "compte_id": "B1"}],
        "mandats_lots": [{"mandat_id": "M1", "lot_id": "L3"}],
        "baux": [{"id": "X1", "numero": "1", "mandat_id": "M1", "compte_id": "R1", "debut": "2024-09-01"}],
        "baux_lots": [{"bail_id": "X1", "lot_id": "L3"}],
        "documents": [document()],
        "echeances": [_due("E1", "A1", "152.30")],
        "echeances_lignes": [
            {
                "echeance_id": "E1",
                "rang": "1",
                "nature": "provision",
                "libelle": "Charges",
                "montant": "152.30",
            }
        ],
        "mouvements": [_move("MV1", "A1", "152.30", "0.00"), _move("MV2", "A2", "10.00", "10.00")],
    }
    return tables


def _account(id: str, role: str, **values: object) -> dict[str, object]:
    return {"id": id, "role": role, "numero": id, "intitule": id, **values}


def _due(id: str, account: str, amount: str) -> dict[str, object]:
    return {"id": id, "compte_id": account, "type": "appel_provision", "libelle": "Appel", "montant": amount}


def _move(id: str, account: str, debit: str, credit: str) -> dict[str, object]:
    return {
        "id": id,
        "compte_id": account,
        "le": ARRETE,
        "libelle": "Appel",
        "debit": debit,
        "credit": credit,
    }


def manifest(files: Mapping[str, bytes], **changes: Any) -> dict[str, Any]:
    """A dossier.json that agrees with the table files given."""
    data: dict[str, Any] = {
        "format": "dossier-portail",
        "version": "1.0",
        "agence": AGENCE,
        "source": {"logiciel": "essai", "base": "principale"},
        "mode": "snapshot",
        "sequence": next(_SEQUENCE),
        "genere_le": "2026-11-23T02:00:00+01:00",
        "arrete_au": ARRETE,
        "dialecte": "canon",
        "politique": "par_unite",
        "fichiers": [
            {
                "table": table,
                "chemin": f"{table}.csv",
                "lignes": max(len([line for line in content.split(b"\n") if line.strip()]) - 1, 0),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
            for table, content in files.items()
        ],
    }
    data.update(changes)
    return data


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """A zip with these members, in this order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def make_dossier(
    path: Path,
    tables: Mapping[str, list[dict[str, object]] | bytes] | None = None,
    documents: Mapping[str, bytes] | None = None,
    members: Mapping[str, bytes] | None = None,
    **changes: Any,
) -> Path:
    """Write a dossier zip. `tables` replace those of `sound_tables`; raw bytes are written as they are."""
    files = {
        table: rows if isinstance(rows, bytes) else csv_bytes(table, rows)
        for table, rows in (sound_tables() if tables is None else tables).items()
    }
    content: dict[str, bytes] = {"dossier.json": json.dumps(manifest(files, **changes)).encode()}
    content.update({f"{t}.csv": raw for t, raw in files.items()})
    content.update({"documents/d1.pdf": PDF} if documents is None else documents)
    content.update(members or {})
    path.write_bytes(zip_bytes(content))
    return path
