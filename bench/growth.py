"""growth.documents: the p95 of the documents page as the base fills with other people's documents."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import psycopg
from psycopg import sql

from bench import base, client
from bench.pages import _address
from palier.core.embedded_postgres import Urls
from palier.demo.people import CLIENTS, MOT_DE_PASSE

BATCH = 100_000
PER_CERCLE = 25  # documents of one made-up space
PER_AGENCE = 5_000
SECONDS = 8.0
ROUNDS = 3

# Rows of made-up agences: same columns, same indexes, same row policy to cross. Keys are not checked (replica).
_FILL = """
insert into ged_document (agence_id, id, source_id, reference, unite_id, empreinte, cercle_id, fichier_id, titre,
  categorie, le, portee, audience, recu_le)
select md5('agence' || n / %(per_agence)s)::uuid, md5('document' || n)::uuid, md5('source')::uuid, 'D' || n,
  md5('agence' || n / %(per_agence)s)::uuid, md5('document' || n)::uuid, md5('cercle' || n / %(per_cercle)s)::uuid,
  md5('fichier' || n)::uuid, 'Appel de fonds du trimestre ' || n %% 12, 'appel_de_fonds',
  date '2026-11-01' - (n %% 1000)::int, 'compte', 'compte', now()
from generate_series(%(first)s::bigint, %(last)s::bigint) as n
"""
_FILES = """
insert into ged_fichier (agence_id, id, sha256, octets, mime, adresse, pages, texte)
select md5('agence' || n / %(per_agence)s)::uuid, md5('fichier' || n)::uuid, md5('sha' || n), 40000,
  'application/pdf', md5('adresse' || n), 1, ''
from generate_series(%(first)s::bigint, %(last)s::bigint) as n
"""
# Those that no key rests on, with what makes each again.
_INDEXES = """
select c.relname, pg_get_indexdef(c.oid) from pg_index i join pg_class c on c.oid = i.indexrelid
where i.indrelid in ('ged_document'::regclass, 'ged_fichier'::regclass)
  and not exists (select from pg_constraint k where k.conindid = i.indexrelid)
order by c.relname
"""


def measure(sizes: list[int]) -> None:
    """Print, for each size past the first, the p95 against the p95 of the first size."""
    with base.copy_of_database("palier_banc_taille") as urls:
        reference, filled = 0.0, 0
        for size in sizes:
            start = time.perf_counter()
            filled = _fill(urls, filled, size)
            base.tell(f"{size} documents en base ({time.perf_counter() - start:.0f} s de remplissage)")
            p95 = _p95(urls)
            base.tell(f"p95 {p95 * 1000:.1f} ms")
            reference = reference or p95
        base.ratio(
            "growth.documents", p95 / reference, f"de {sizes[0]} à {sizes[-1]} documents ; moins de 1,30"
        )


def _fill(urls: Urls, filled: int, size: int) -> int:
    """Add made-up documents until the table holds ``size``; return how many it holds.

    The indexes are built once the rows are there: the same in the end, in a tenth of the time.
    """
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        found = connection.execute("select count(*) from ged_document").fetchone()
        assert found is not None
        indexes = connection.execute(_INDEXES).fetchall()
        for name, _definition in indexes:
            connection.execute(sql.SQL("drop index {}").format(sql.Identifier(name)))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda part: _add(urls, *part), _batches(int(found[0]), size)))
        connection.execute("set maintenance_work_mem = '1GB'")
        for _name, definition in indexes:
            connection.execute(definition)
        connection.execute("vacuum (analyze) ged_document")
        connection.execute("vacuum (analyze) ged_fichier")
        connection.execute("checkpoint")
    return max(filled, size)


def _add(urls: Urls, first: int, last: int) -> None:
    with psycopg.connect(urls.superuser, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("set synchronous_commit = off")
        params = {"first": first, "last": last, "per_agence": PER_AGENCE, "per_cercle": PER_CERCLE}
        connection.execute(_FILES, params)
        connection.execute(_FILL, params)


def _batches(present: int, size: int) -> Iterator[tuple[int, int]]:
    first = present + 1
    while first <= size:
        last = min(first + BATCH - 1, size)
        yield first, last
        first = last + 1


def _p95(urls: Urls) -> float:
    """Return the best of three p95: what the page costs, not what the machine did meanwhile."""
    with _site(urls) as port:
        signed = [client.sign_in(port, person.email, MOT_DE_PASSE) for person in CLIENTS]
        requests = [client.get(_address(port, "page.documents", one.cookie), one.cookie) for one in signed]
        client.run(port, requests, seconds=3, connections=2)
        return min(
            client.run(port, requests, seconds=SECONDS, connections=2).percentile(0.95) for _ in range(ROUNDS)
        )


@contextmanager
def _site(urls: Urls) -> Iterator[int]:
    with base.server(urls) as port:
        yield port


def default_sizes(full: bool) -> list[int]:
    """10,000 and 1 million documents; 10 million too when everything is asked for."""
    chosen = os.environ.get("PALIER_BANC_DOCUMENTS")
    if chosen:
        return [int(part) for part in chosen.split(",")]
    return [10_000, 1_000_000, 10_000_000] if full else [10_000, 1_000_000]
