"""Prove an erasure: words that only this agence had, looked for byte by byte in the base, in the storage, in a file."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection

from palier.core.actor import Actor
from palier.core.tenancy import open_actor
from palier.core.vault import AgenceKey, DamagedFile, read
from palier.vie_privee.effacement.fichiers import stored

# Words of an agence: names, addresses, titles, what its documents say. Short ones are everybody's.
_MOTS = """
select v from (
  select t.nom || ' ' || t.prenom as v from patrimoine_tiers t where t.agence_id = %(a)s
  union select t.email from patrimoine_tiers t where t.agence_id = %(a)s
  union select c.intitule from patrimoine_compteclient c where c.agence_id = %(a)s
  union select d.titre from ged_document d where d.agence_id = %(a)s
  union select left(f.texte, 60) from ged_fichier f where f.agence_id = %(a)s
  union select h.nom from agences_habilitation h where h.agence_id = %(a)s
  union select f.sha256 from ged_fichier f where f.agence_id = %(a)s
  union select g.nom from agences_agence g where g.id = %(a)s
  union select g.slug from agences_agence g where g.id = %(a)s
) q where length(trim(v)) >= 8 order by v limit %(n)s
"""
_TABLES = """
select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
  and not c.relispartition and has_table_privilege(c.oid, 'select') order by 1
"""


def words_of(agence_id: UUID, key: AgenceKey | None, limit: int = 5000) -> set[bytes]:
    """Return words that belong to an agence, and the beginning of its files as they are in clear."""
    open_actor(Actor.system(agence_id, "preuve d’effacement"))
    with connection.cursor() as cursor:
        cursor.execute(_MOTS, {"a": agence_id, "n": limit})
        found = {str(row[0]).strip().encode() for row in cursor.fetchall()}
        cursor.execute(
            "select adresse, octets from ged_fichier where agence_id = %s order by id limit 50", [agence_id]
        )
        files = cursor.fetchall()
    for adresse, octets in files if key is not None else []:
        try:
            content = read(key, adresse, octets)  # type: ignore[arg-type]
        except DamagedFile:
            continue
        if octets > 400:
            found.add(content[octets // 2 : octets // 2 + 48])
    return {word for word in found if len(word) >= 8}


def only_its_own(words: set[bytes], agence_id: UUID, others: Iterable[UUID]) -> set[bytes]:
    """Leave out the words that another agence has too: they stay, rightly."""
    kept = set(words)
    for other in others:
        if other != agence_id:
            kept -= {word for word in kept if any(word in block for block in _base(other))}
    return kept


def _base(agence_id: UUID) -> Iterator[bytes]:
    """Yield every row that an agence's actor sees, as COPY writes them."""
    open_actor(Actor.system(agence_id, "preuve d’effacement"))
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        tables = [row[0] for row in cursor.fetchall()]
    for table in tables:
        with connection.cursor() as cursor, cursor.copy(f"copy (select * from {table}) to stdout") as copy:
            for block in copy:
                yield bytes(block)


def in_base(words: set[bytes], agences: Iterable[UUID]) -> set[bytes]:
    """Return the words found in the base, as each of these agences sees it (the erased one too) and as the portal does."""
    found: set[bytes] = set()
    for agence_id in agences:
        for block in _base(agence_id):
            found |= {word for word in words - found if word in block}
    return found


def in_storage(words: set[bytes], agence_id: UUID) -> set[bytes]:
    """Return the words found in what the storage holds, and the agence's own path when anything is under it."""
    found = {str(agence_id).encode() for _path in stored(str(agence_id))}
    for path, _size in stored("."):
        with default_storage.open(path, "rb") as source:
            found |= in_blocks(words - found, iter(lambda s=source: s.read(1 << 20), b""))  # type: ignore[misc]
    return found


def in_file(words: set[bytes], path: Path) -> set[bytes]:
    """Return the words found in a file, and in the members of a zip."""
    with path.open("rb") as source:
        found = in_blocks(words, iter(lambda: source.read(1 << 20), b""))
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    found |= in_blocks(words - found, iter(lambda m=member: m.read(1 << 20), b""))  # type: ignore[misc]
    return found


def in_blocks(words: set[bytes], blocks: Iterable[bytes]) -> set[bytes]:
    """Return the words found in a stream; a word across two blocks is found."""
    longest = max((len(word) for word in words), default=0)
    found: set[bytes] = set()
    tail = b""
    for block in blocks:
        whole = tail + block
        found |= {word for word in words - found if word in whole}
        tail = whole[-longest:] if longest else b""
    return found
