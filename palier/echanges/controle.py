"""Checks a dossier from end to end without writing anything on line: container, tables, relations, business."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol

import duckdb

from palier.echanges import etapes
from palier.echanges.anomalies import Anomalie, Collecte, DossierRefuse
from palier.echanges.codes import Gravite
from palier.echanges.conteneur import Conteneur
from palier.echanges.controles.ailleurs import check_other_sources
from palier.echanges.controles.correspondances import check_renamings, check_replaced, resolve_renamings
from palier.echanges.controles.differentiel import check_suppressions
from palier.echanges.controles.fichiers import check_files
from palier.echanges.controles.metier import check_business
from palier.echanges.controles.relations import (
    check_perimeter,
    check_relations,
    prepare_known,
    spread_refusals,
)
from palier.echanges.entete import parse_header
from palier.echanges.etabli import Etabli, Lue
from palier.echanges.lecture import read_table, report_cells, report_double_keys
from palier.echanges.lignes import prepare_table
from palier.echanges.limites import LIMITES, Limites
from palier.echanges.manifeste import Manifeste, judge_manifest
from palier.echanges.regles import quote
from palier.echanges.repertoire import shown
from palier.echanges.schemas import schemas
from palier.echanges.unites import build_live, build_units

Progress = Callable[[float, str], None]


class Connaissance(Protocol):
    """What is on line already, told to the checks once the tables are read."""

    def load(self, etabli: Etabli) -> None:
        """Create ``connus`` (nom, id, unite). Raises DossierRefuse when the sending is not the one expected."""


@dataclass(frozen=True)
class KnownIds:
    """The ids already on line for this agence and source: a CSV `nom;id;unite` with a header.

    `nom` is a table of the format, or `fichiers` for the SHA-256 of a stored file.
    """

    csv: Path

    def load(self, etabli: Etabli) -> None:
        """Read the file."""
        etabli.connus = True
        etabli.con.execute("CREATE TABLE connus (nom VARCHAR, id VARCHAR, unite VARCHAR)")
        etabli.con.execute(
            f"INSERT INTO connus SELECT nom, id, unite FROM read_csv({quote(str(self.csv))}, header=true, delim=';', "
            "quote='\"', escape='\"', auto_detect=false, "
            "columns={'nom': 'VARCHAR', 'id': 'VARCHAR', 'unite': 'VARCHAR'})"
        )
        etabli.prepare_empty()
        if etabli.has("correspondances"):
            resolve_renamings(etabli)


@dataclass(frozen=True)
class Compte:
    """How many rows of a table in a unit: read, refused, held back with their unit."""

    lues: int
    refusees: int
    retenues: int

    @property
    def bonnes(self) -> int:
        return self.lues - self.refusees - self.retenues


@dataclass
class Controle:
    """The result of a check. When `refuse` is true nothing may be applied and `con` may lack tables.

    `con` holds a view `t_<table>` for each table given: the columns of its schema, `_ligne`, `_unite`,
    without refused lines and held units. Close it: it frees the engine, the zip and the working files.
    """

    manifeste: Manifeste | None
    collecte: Collecte
    refuse: bool
    tables: tuple[str, ...] = ()
    comptes: dict[tuple[str, str], Compte] = field(default_factory=dict)
    tenues: dict[str, int] = field(default_factory=dict)
    etabli: Etabli | None = None
    conteneur: Conteneur | None = None

    @property
    def empreinte(self) -> str:
        return self.manifeste.empreinte if self.manifeste else ""

    @property
    def con(self) -> duckdb.DuckDBPyConnection:
        if self.etabli is None:
            raise ValueError("a refused dossier has no tables")
        return self.etabli.con

    def knows(self, *tables: str) -> bool:
        """Whether the rows of these tables, of the dossier or stored, can be read as `c_T`."""
        return self.etabli is not None and self.etabli.knows(*tables)

    @property
    def anomalies(self) -> Iterator[Anomalie]:
        return iter(self.collecte)

    def open_document(self, fichier: str) -> IO[bytes]:
        """The bytes of a document of the zip, by the path that its row names. Raises KeyError."""
        if self.conteneur is None:
            raise KeyError(fichier)
        return self.conteneur.open_document(fichier)

    def close(self) -> None:
        """Free the engine, the zip and the working files."""
        if self.etabli is not None:
            self.etabli.con.close()
            for lue in self.etabli.lues.values():
                lue.preparee.chemin.unlink(missing_ok=True)
        if self.conteneur is not None:
            self.conteneur.close()

    def __enter__(self) -> "Controle":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.close()


def _silent(_share: float, _step: str) -> None:
    """No one watches the progress."""


def check_dossier(
    path: Path,
    agence: str,
    workdir: Path,
    known: Connaissance | None = None,
    progress: Progress | None = None,
    *,
    limites: Limites = LIMITES,
    today: dt.date | None = None,
) -> Controle:
    """Check the dossier zip at `path` for the agence of this slug. Never raises for a bad dossier.

    `workdir` is an existing private folder with room for the tables inflated; `progress` receives 0 to 1 and a
    French step; `today` (default: the clock) judges the date of the data.
    """
    say = progress or _silent
    controle = Controle(None, Collecte(), refuse=False)
    try:
        controle.conteneur = Conteneur(path, limites)
        controle.manifeste = controle.conteneur.read_manifest()
        judge_manifest(controle.manifeste, agence, today or dt.date.today())
        _check(controle, workdir, known, say, limites)
    except DossierRefuse as refus:
        controle.refuse = True
        for anomalie in refus.anomalies:
            controle.collecte.add(anomalie)
    except BaseException:
        controle.close()
        raise
    return controle


def _check(
    controle: Controle, workdir: Path, known: Connaissance | None, say: Progress, limites: Limites
) -> None:
    manifeste, conteneur = controle.manifeste, controle.conteneur
    if manifeste is None or conteneur is None:
        raise ValueError("the container must be opened first")
    sizes = _sizes(manifeste, conteneur)
    if not manifeste.is_delta and sum(sizes.values()) <= limites.petit:
        limites = replace(limites, fils=1)  # threads would wait for one another longer than they work
    etabli = controle.etabli = Etabli(manifeste, workdir, limites)
    controle.collecte = etabli.collecte
    _read_tables(etabli, conteneur, sizes, lambda share, step: say(0.5 * share, step))
    controle.tables = tuple(etabli.lues)
    say(0.5, etapes.RELATIONS)
    if known is not None:
        known.load(etabli)
    etabli.prepare_empty()
    build_units(etabli)
    prepare_known(etabli)
    for lue in etabli.lues.values():
        report_cells(etabli, lue)
        report_double_keys(etabli, lue)
    check_perimeter(etabli)
    check_renamings(etabli)
    check_replaced(etabli)
    check_suppressions(etabli)
    check_relations(etabli)
    check_other_sources(etabli)
    say(0.6, etapes.MONTANTS)
    check_business(etabli)
    say(0.7, etapes.DOCUMENTS)
    check_files(etabli, conteneur, lambda share: say(0.7 + 0.25 * share, etapes.DOCUMENTS))
    spread_refusals(etabli)
    build_live(etabli)
    _count(controle, etabli)
    say(1.0, etapes.CONTROLE_FINI)


def _sizes(manifeste: Manifeste, conteneur: Conteneur) -> dict[str, int]:
    """How many bytes each declared table has, and one more so that no share is of nothing."""
    return {f.table: conteneur.membres[f.chemin].file_size + 1 for f in manifeste.fichiers}


def _read_tables(etabli: Etabli, conteneur: Conteneur, sizes: dict[str, int], say: Progress) -> None:
    """Read every declared table; every BLOQUANT fault of every table is gathered before refusing."""
    blocking: list[Anomalie] = []
    done = 0
    for table in schemas():
        if table not in sizes:
            continue
        say(done / sum(sizes.values()), etapes.reading_of(table))
        try:
            _read_one(etabli, conteneur, table)
        except DossierRefuse as refus:
            blocking += refus.anomalies
        done += sizes[table]
    if blocking:
        raise DossierRefuse(*blocking)


def _read_one(etabli: Etabli, conteneur: Conteneur, table: str) -> None:
    schema, limites = schemas()[table], etabli.limites
    declared = etabli.manifeste.fichier(table)
    if declared is None:
        return
    encodages = ("utf-8", "cp1252") if etabli.manifeste.dialecte == "excel-fr" else ("utf-8",)
    blocks = conteneur.chunks(declared.chemin, limites.table)
    preparee = prepare_table(table, blocks, etabli.workdir / f"{table}.csv", limites, encodages)
    membre = shown(declared.chemin)
    faults = []
    if preparee.sha256 != declared.sha256:
        faults.append(Anomalie("empreinte_differente", table, params=(("membre", membre),)))
    if preparee.enregistrements != declared.lignes:
        params = (("membre", membre), ("lues", preparee.enregistrements), ("declarees", declared.lignes))
        faults.append(Anomalie("lignes_differentes", table, params=params))
    if faults:
        raise DossierRefuse(*faults)
    colonnes = parse_header(preparee.entete, schema, etabli.collecte, limites)
    read_table(etabli, Lue(schema, preparee, colonnes))


def _count(controle: Controle, etabli: Etabli) -> None:
    for table in etabli.lues:
        rows = etabli.sql(
            f"SELECT w._unite, count(*), count(*) FILTER (WHERE f), count(*) FILTER (WHERE NOT f AND tenue) FROM "
            f"(SELECT w._unite, w._ligne IN (SELECT _ligne FROM r_{table}) AS f, "
            f"w._unite IN (SELECT unite FROM tenues) AS tenue FROM w_{table} w) w GROUP BY w._unite"
        )
        for unite, read, refused, held in rows:
            counts = Compte(read, refused, held)
            controle.comptes[table, str(unite)] = counts
    for (unite,) in etabli.sql("SELECT unite FROM tenues ORDER BY unite"):
        name = str(unite)
        faulty = sum(c.refusees for (_, u), c in controle.comptes.items() if u == name)
        controle.tenues[name] = faulty
        params = (("unite", name), ("nombre", faulty))
        controle.collecte.add(Anomalie("unite_retenue", unite=name, params=params))
    refused = controle.collecte.total(Gravite.LIGNE)
    if refused and etabli.manifeste.politique == "tout_ou_rien":
        controle.refuse = True
        controle.collecte.add(Anomalie("tout_ou_rien", params=(("nombre", refused),)))
