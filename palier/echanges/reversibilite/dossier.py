"""The rows of a source written back in the dossier format: what the agence sent, readable by any portal of ours."""

import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from palier.core import dates
from palier.core.vault import AgenceKey, DamagedFile, read
from palier.echanges.chargement.lecture_base import stored_column
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.generateur.paquet import describe, manifest_bytes, member
from palier.echanges.models import Source
from palier.echanges.schemas import Champ, Schema, schemas
from palier.echanges.unites import PORTEES

_FICHIER = "'documents/' || f.sha256 || '.pdf'"
_DOCUMENTS = {
    "fichier": _FICHIER, "sha256": "f.sha256", "octets": "f.octets::text", "mime": "f.mime", "date_document": "t.le::text",
}  # fmt: skip
_ACCES = """
select c.reference as compte_id, nullif(c.identifiant_source, '') as identifiant_provisoire,
  nullif(c.invitation, '') as invitation from patrimoine_compteclient c
where c.agence_id = '{agence}' and c.source_id = '{source}' and c.archive_le is null
"""


def _portee() -> str:
    cases = " ".join(
        f"when '{portee}' then (select o.reference from {CIBLES[table].table} o where o.agence_id = t.agence_id "
        f"and o.id = t.objet_id)"
        for portee, table in PORTEES.items()
    )
    return f"case t.portee {cases} end"


def _expression(table: str, schema: Schema, champ: Champ) -> str:
    links = {relation.colonne: relation.cible for relation in schema.relations}
    if champ.nom == "id":
        return "t.reference"
    if table == "documents" and champ.nom in _DOCUMENTS:
        return _DOCUMENTS[champ.nom]
    if table == "documents" and champ.nom == "portee_id":
        return _portee()
    if table == "contrats" and champ.nom == "reference":
        return "nullif(t.numero, '')"
    if table == "assemblees" and champ.nom == "le":
        return "to_char(t.le at time zone 'Europe/Paris', 'YYYY-MM-DD\"T\"HH24:MI:SS')"
    stored = f't."{stored_column(table, champ.nom)}"'
    if champ.nom in links:
        target = CIBLES[links[champ.nom]].table
        return f"(select p.reference from {target} p where p.agence_id = t.agence_id and p.id = {stored})"
    if champ.type == "boolean":
        return f"case {stored} when true then 'true' when false then 'false' end"
    if champ.type == "number":
        return f"round({stored}, {champ.decimales})::text"
    return f"nullif({stored}::text, '')"


def query(table: str, agence: UUID, source: UUID) -> tuple[list[str], str]:
    """Return the columns of a table and the statement that reads its live rows back."""
    schema = schemas()[table]
    if table == "acces":
        return ["compte_id", "identifiant_provisoire", "invitation"], _ACCES.format(
            agence=agence, source=source
        )
    names = [champ.nom for champ in schema.champs]
    listed = ", ".join(f'{_expression(table, schema, champ)} as "{champ.nom}"' for champ in schema.champs)
    join = (
        "join ged_fichier f on f.agence_id = t.agence_id and f.id = t.fichier_id"
        if table == "documents"
        else ""
    )
    return names, (
        f"select {listed} from {CIBLES[table].table} t {join} where t.agence_id = '{agence}' "
        f"and t.source_id = '{source}' and t.archive_le is null order by t.reference, t.id"
    )


def write_table(table: str, agence: UUID, source: UUID, path: Path) -> int:
    """Write a table as CSV in the canon dialect; return its number of lines."""
    _names, statement = query(table, agence, source)
    with connection.cursor() as cursor, path.open("wb") as out:
        cursor.execute(f"select count(*) from ({statement}) q")
        count = int(cursor.fetchone()[0])
        with cursor.copy(
            f"copy ({statement}) to stdout (format csv, delimiter ';', header true, null '')"
        ) as copy:
            for block in copy:
                out.write(block)
    return count


def files_of(agence: UUID, source: UUID) -> list[tuple[str, str, int]]:
    """Return (sha256, address, bytes) of the files that the live documents of a source cite."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct f.sha256, f.adresse, f.octets from ged_document t join ged_fichier f "
            "on f.agence_id = t.agence_id and f.id = t.fichier_id where t.agence_id = %s and t.source_id = %s "
            "and t.archive_le is null order by 1",
            [agence, source],
        )
        return [(str(a), str(b), int(c)) for a, b, c in cursor.fetchall()]


def _manifest(slug: str, source: Source, fichiers: list[dict[str, Any]]) -> dict[str, Any]:
    moment = dates.now().astimezone(dates.PARIS)
    return {
        "format": "dossier-portail", "version": "1.0", "agence": slug,
        "source": {"logiciel": source.logiciel, "base": source.base}, "mode": "snapshot",
        "sequence": (source.sequence or 0) + 1, "precedent": None,
        "genere_le": moment.isoformat(timespec="seconds"),
        "arrete_au": (source.arrete_au or moment.date()).isoformat(), "dialecte": "canon",
        "perimetre": {"tables": [f["table"] for f in fichiers]}, "politique": "par_unite", "historique": "partiel",
        "fichiers": fichiers,
    }  # fmt: skip


def write_dossier(target: Path, slug: str, source: Source, key: AgenceKey, workdir: Path) -> dict[str, int]:
    """Write a source's dossier, which ``dossier check`` passes; return its counts.

    A file that the vault no longer gives whole is left out and counted in ``manquants``.
    """
    tables: dict[str, bytes] = {}
    fichiers, lines = [], 0
    for table in schemas():
        if table not in CIBLES and table != "acces":
            continue
        path = workdir / f"{table}.csv"
        count = write_table(table, key.agence_id, source.id, path)
        if count:
            fichiers.append(describe(table, path.read_bytes(), count))
            tables[table] = b""
            lines += count
        else:
            path.unlink()
    missing = written = 0
    with zipfile.ZipFile(target, "w", compresslevel=6) as archive:
        archive.writestr(
            member("dossier.json", compress=True), manifest_bytes(_manifest(slug, source, fichiers))
        )
        for table in tables:
            archive.write(workdir / f"{table}.csv", f"{table}.csv", zipfile.ZIP_DEFLATED)
            (workdir / f"{table}.csv").unlink()
        for sha256, address, length in files_of(key.agence_id, source.id):
            try:
                content = read(key, address, length)
            except DamagedFile:
                missing += 1
                continue
            archive.writestr(member(f"documents/{sha256}.pdf", compress=False), content)
            written += 1
    return {"tables": len(tables), "lignes": lines, "documents": written, "manquants": missing}


__all__ = ["query", "write_dossier", "write_table"]
