"""From files and profiles to a dossier zip: read, map, check, count again, write. Nothing is written on a refusal."""

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from django.utils import timezone
from django.utils.translation import gettext as _

from .constats import Constat, Gravite, Recueil, refuse
from .emission import Atelier, resolve_parameters
from .entrepot import Entrepot
from .jonction import Jonctions
from .lecteurs import Piece, Releve
from .modele import Profil
from .paquetage import Ecrite, Manifestation, build_manifest, write_dossier, write_provenance, write_tables
from .pieces import Attribution, attribute, captured, inventory
from .sommes import MOUVEMENTS, Rapprochement, Total, check_sums, count_written, reconcile
from .verification import verify_relations, verify_table

PROFILS_MAX = 10


@dataclass(frozen=True)
class Demande:
    """What to convert. Several profiles make one dossier; a later one may look into the tables of those before."""

    profils: Sequence[Profil]
    sources: Sequence[Path]
    agence: str
    vers: Path | None
    parametres: Mapping[str, str] = field(default_factory=dict)
    base: str = "principale"
    arrete_au: dt.date | None = None
    #: Which file goes to which source, when names do not say it (calibrated profiles go by their headers).
    attribution: Mapping[str, Sequence[Piece]] | None = None
    #: An existing folder that receives, for each table, the file and line of every row (see `provenance`).
    provenance: Path | None = None


@dataclass(frozen=True)
class Resultat:
    """What was read, kept and written; every amount is exact."""

    releves: tuple[Releve, ...]
    tables: Mapping[str, int]
    rapprochements: tuple[Rapprochement, ...]
    ecrits: Total | None
    constats: tuple[Constat, ...]
    unites: tuple[str, ...]
    vers: Path | None


def convert(demande: Demande, workdir: Path | None = None) -> Resultat:
    """Convert, and write the zip unless `vers` is None (dry run). Raises ProfilRefuse; then nothing is written."""
    _judge_request(demande)
    with (
        tempfile.TemporaryDirectory(prefix="profil-", dir=workdir) as folder,
        Entrepot(Path(folder)) as entrepot,
    ):
        try:
            return _convert(demande, entrepot, Path(folder))
        except duckdb.InvalidInputException as error:
            raise refuse(
                "motif", _("Motif ou format de date refusé : {raison}").format(raison=str(error)[:200])
            ) from error
        except duckdb.OutOfMemoryException as error:
            raise refuse(
                "memoire", _("L'export est trop gros pour la mémoire et le disque disponibles.")
            ) from error


def _judge_request(demande: Demande) -> None:
    if not 1 <= len(demande.profils) <= PROFILS_MAX:
        raise refuse("profils", _("Donnez de un à dix profils."))
    declared = {name for p in demande.profils for name in p.parametres}
    for name in demande.parametres:
        if name not in declared:
            message = _("Aucun profil ne déclare le paramètre « {nom} » ; paramètres : {liste}.")
            raise refuse("parametre", message.format(nom=name, liste=", ".join(sorted(declared)) or "—"))
    names = [s for p in demande.profils for s in p.sources]
    for name in names:
        if names.count(name) > 1:
            raise refuse("profils", _("Deux profils déclarent une source « {nom} ».").format(nom=name))
    if demande.vers is not None:
        if demande.vers.is_dir() or demande.vers.suffix.lower() != ".zip":
            raise refuse("vers", _("La destination est un fichier .zip."), str(demande.vers))
        if not demande.vers.parent.is_dir():
            raise refuse("vers", _("Le dossier de destination n'existe pas."), str(demande.vers.parent))


def _convert(demande: Demande, entrepot: Entrepot, folder: Path) -> Resultat:
    recueil = Recueil()
    pieces = [] if demande.attribution is not None else inventory(demande.sources, folder)
    used: set[int] = set()
    jonctions = Jonctions(entrepot)
    for profil in demande.profils:
        parametres = resolve_parameters(profil, demande.parametres)
        for nom, given in _attributed(demande, entrepot, profil, pieces, used, recueil).items():
            entrepot.read(profil.sources[nom], [p for p, _v in given], [v for _p, v in given], recueil)
        check_sums(entrepot, profil.controles, parametres, recueil)
        atelier = Atelier(entrepot, profil, parametres, jonctions, recueil)
        for emission in profil.emissions:
            atelier.emit(emission)
        recueil.stop_if_blocking()
    ignored = [p.nom for i, p in enumerate(pieces) if i not in used]
    if ignored:
        message = _("{n} fichiers n'ont pas un nom attendu et n'ont pas été lus ; par exemple « {nom} ».")
        text = message.format(n=len(ignored), nom=ignored[0][:120])
        recueil.add("fichier_ignore", Gravite.ALERTE, text, nombre=len(ignored))
    return _finish(demande, entrepot, folder, recueil)


def _attributed(
    demande: Demande,
    entrepot: Entrepot,
    profil: Profil,
    pieces: Sequence[Piece],
    used: set[int],
    recueil: Recueil,
) -> Attribution:
    """Which file goes to which source: as the request says, else by the names of the files."""
    if demande.attribution is None:
        return attribute(entrepot, profil, pieces, used, recueil)
    return {
        nom: [(p, captured(source, p.nom)) for p in demande.attribution[nom]]
        for nom, source in profil.sources.items()
        if demande.attribution.get(nom)
    }


def _finish(demande: Demande, entrepot: Entrepot, folder: Path, recueil: Recueil) -> Resultat:
    for table in sorted(entrepot.produites):
        verify_table(entrepot, table, recueil)
        verify_relations(entrepot, table, recueil)
    recueil.stop_if_blocking()
    found = [reconcile(entrepot, lue, recueil) for lue in entrepot.lues.values()]
    rapprochements = tuple(r for r in found if r is not None)
    tables = write_tables(entrepot, folder)
    if demande.provenance is not None:
        write_provenance(entrepot, tables, demande.provenance)
    if not tables:
        raise refuse(
            "rien",
            _(
                "Aucune ligne à reprendre : rien ne passe les filtres du profil (comptes, types). "
                "Vérifiez ses paramètres."
            ),
        )
    written = _count(tables, rapprochements, recueil)
    recueil.stop_if_blocking()
    said = Manifestation(
        demande.agence,
        "+".join(p.nom for p in demande.profils)[:60],
        demande.base,
        demande.arrete_au or timezone.localdate(),
        "partiel" if any(p.historique == "partiel" for p in demande.profils) else "complet",
    )
    manifest = build_manifest(entrepot, tables, said)
    if demande.vers is not None:
        write_dossier(entrepot, tables, manifest, demande.vers)
    return Resultat(
        tuple(r for lue in entrepot.lues.values() for r in lue.releves),
        {t.table: t.lignes for t in tables},
        rapprochements,
        written,
        recueil.constats,
        tuple(manifest["perimetre"]["unites"]),
        demande.vers,
    )


def _count(
    tables: Sequence[Ecrite], rapprochements: Sequence[Rapprochement], recueil: Recueil
) -> Total | None:
    """Count the written ledger again, and hold it against what the sources gave."""
    ledger = next((t for t in tables if t.table == MOUVEMENTS), None)
    if ledger is None:
        return None
    written = count_written(ledger.chemin)
    expected = Total(
        sum(r.attendues.lignes for r in rapprochements),
        sum((r.attendues.debit for r in rapprochements), Total().debit),
        sum((r.attendues.credit for r in rapprochements), Total().credit),
    )
    if rapprochements and written != expected:
        message = _(
            "Le dossier porterait {e.debit} / {e.credit} sur {e.lignes} lignes, au lieu de {a.debit} / {a.credit} sur {a.lignes}."
        )
        recueil.add("centimes_perdus", Gravite.BLOQUANTE, message.format(e=written, a=expected))
    return written
