"""The files given to a conversion: loose, in folders, in zips that are weighed while they are opened."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from palier.echanges.anomalies import DossierRefuse
from palier.echanges.conteneur import Conteneur
from palier.echanges.limites import LIMITES, MIO
from palier.echanges.regles import quote

from .constats import Gravite, Recueil, from_dossier, refuse
from .entrepot import Entrepot
from .lecteurs import Piece
from .modele import Profil, Source

ENVOI = replace(LIMITES, total=8192 * MIO)
MEMBRE_MAX = 2048 * MIO
PIECES_MAX = 200_000
CLASSEURS = (".xlsx", ".xlsm")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")


def is_archive(path: Path, nom: str) -> bool:
    """Whether a file, which bears that name, is a zip of files: a workbook, whatever its name, is not."""
    if Path(nom).suffix.lower() in CLASSEURS:
        return False
    with path.open("rb") as file:
        if file.read(4) not in ZIP:
            return False
    try:
        with Conteneur(path, ENVOI) as zipped:
            return "[Content_Types].xml" not in zipped.membres
    except DossierRefuse:
        return True  # opened again, it says why it is refused


def _unpack(path: Path, nom: str, folder: Path) -> Iterator[Piece]:
    """The members of a zip, copied under names of ours: a member's own name never becomes a path."""
    try:
        with Conteneur(path, ENVOI) as zipped:
            folder.mkdir(parents=True, exist_ok=True)
            for i, name in enumerate(sorted(zipped.membres)):
                if name.rpartition("/")[2].startswith((".", "__MACOSX")) or name.startswith("__MACOSX/"):
                    continue
                target = folder / f"{i}{Path(name).suffix.lower()[:8]}"
                with target.open("wb") as out:
                    for block in zipped.chunks(name, MEMBRE_MAX):
                        out.write(block)
                yield Piece(name, target)
    except DossierRefuse as refus:
        raise from_dossier(refus, nom) from refus


def _walk(path: Path) -> Iterator[tuple[str, Path]]:
    """The files of a folder, without links nor hidden files, with their relative names."""
    for child in sorted(path.rglob("*")):
        relative = child.relative_to(path)
        hidden = any(part.startswith(".") for part in relative.parts)
        if not hidden and child.is_file() and not child.is_symlink():
            yield relative.as_posix(), child


def inventory(paths: Sequence[Path], workdir: Path) -> list[Piece]:
    """Every file given, zips opened. Raises ProfilRefuse."""
    found: list[Piece] = []
    for i, path in enumerate(paths):
        if not path.exists():
            raise refuse("source_absente", _("Ce fichier ou ce dossier n'existe pas."), str(path))
        given = _walk(path) if path.is_dir() else iter([(path.name, path)])
        for j, (nom, file) in enumerate(given):
            if is_archive(file, nom):
                found += _unpack(file, nom, workdir / "extraits" / f"{i}-{j}")
            else:
                found.append(Piece(nom, file))
            if len(found) > PIECES_MAX:
                raise refuse(
                    "trop_de_fichiers", _("Plus de 200 000 fichiers : envoyez-les en plusieurs fois.")
                )
    if not found:
        raise refuse("source_absente", _("Aucun fichier à lire."))
    return found


Attribution = dict[str, list[tuple[Piece, list[str]]]]


def attribute(
    entrepot: Entrepot, profil: Profil, pieces: Sequence[Piece], used: set[int], recueil: Recueil
) -> Attribution:
    """Which file goes to which source of a profile, by name, with the named groups of the pattern.

    Adds the files that were taken to `used`. Raises ProfilRefuse when a required source has none.
    """
    _name_pieces(entrepot, pieces)
    found: Attribution = {}
    taken: set[int] = set()
    for source in profil.sources.values():
        rows = _match(entrepot, source)
        here = [(int(str(r)), values) for r, *values in rows if int(str(r)) not in taken]
        taken |= {r for r, _values in here}
        if here:
            found[source.nom] = [(pieces[r], [str(v) for v in values]) for r, values in here]
        elif not source.facultative:
            message = _(
                "Profil {profil} : aucun fichier pour la source « {source} » (nom attendu : {motif})."
            )
            raise refuse(
                "source_absente", message.format(profil=profil.nom, source=source.nom, motif=source.fichier)
            )
    if not taken:
        names = ", ".join(p.nom for p in pieces[:5])
        expected = " ; ".join(s.fichier for s in profil.sources.values())
        message = _("Profil {profil} : aucun des fichiers ({noms}) n'a un nom attendu ({motif}).")
        raise refuse("source_absente", message.format(profil=profil.nom, noms=names, motif=expected))
    _refuse_twice(profil, found, recueil)
    used |= taken
    return found


def captured(source: Source, nom: str) -> list[str]:
    """The named groups that the pattern of a source finds in a file name; empty texts when it does not fit."""
    found = re.compile("(?i)" + source.fichier).search(nom)
    return [(found[c] or "") if found else "" for c in source.captures]


def _name_pieces(entrepot: Entrepot, pieces: Sequence[Piece]) -> None:
    if entrepot.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'pieces'"):
        return
    entrepot.con.execute("CREATE TABLE pieces (rang INTEGER, nom VARCHAR)")
    for start in range(0, len(pieces), 1000):
        values = ", ".join(
            f"({start + i}, {quote(p.nom.replace(chr(0), ''))})"
            for i, p in enumerate(pieces[start : start + 1000])
        )
        entrepot.con.execute(f"INSERT INTO pieces VALUES {values}")


def _match(entrepot: Entrepot, source: Source) -> list[tuple[object, ...]]:
    """The files whose name fits, in the order given. The pattern is run by RE2: linear whatever it is."""
    pattern = quote("(?i)" + source.fichier)
    unwanted = f" AND NOT regexp_matches(nom, {quote('(?i)' + source.sauf)})" if source.sauf else ""
    groups = re.compile(source.fichier).groupindex
    cells = "".join(f", regexp_extract(nom, {pattern}, {groups[name]})" for name in source.captures)
    return entrepot.rows(
        f"SELECT rang{cells} FROM pieces WHERE regexp_matches(nom, {pattern}){unwanted} ORDER BY rang"
    )


def _refuse_twice(profil: Profil, found: Attribution, recueil: Recueil) -> None:
    """Two FEC of one entity: the opening balances of the second repeat the first, every balance would be wrong."""
    for nom, given in found.items():
        if profil.sources[nom].type != "fec":
            continue
        seen: dict[str, str] = {}
        for piece, values in given:
            entity = values[0] if values else ""
            if entity and entity in seen:
                message = _(
                    "« {autre} » est déjà un FEC de l'entité {entite} : les à-nouveaux seraient comptés deux fois. "
                    "Donnez seulement le dernier exercice."
                )
                text = message.format(autre=seen[entity], entite=entity)
                recueil.add("fec_double", Gravite.BLOQUANTE, text, piece.nom)
            seen.setdefault(entity, piece.nom)
    recueil.stop_if_blocking()
