"""The handover archive of a copropriété: its documents by group, the inventory with digests, a bordereau to sign."""

import csv
import hashlib
import io
import zipfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection

from palier.core.cellules import neutralise
from palier.core.dates import date_simple, now, today
from palier.core.vault import AgenceKey, DamagedFile, read
from palier.echanges.generateur.paquet import manifest_bytes, member
from palier.ged.archive import nom_sur
from palier.ged.enums import Groupe
from palier.ged.rules.groupes import groupe_de
from palier.vie_privee.impression import sections_pdf
from palier.vie_privee.rules.textes import Section

_DOCUMENTS = """
select d.titre, d.categorie, d.le, d.audience, d.archive_le is not null, f.sha256, f.adresse, f.octets, f.mime
from ged_document d join ged_fichier f on f.agence_id = d.agence_id and f.id = d.fichier_id
where d.agence_id = %(agence)s and (d.unite_id = %(copropriete)s or d.cercle_id in (select c.id from acces_cercle c
  where c.agence_id = %(agence)s and c.objet_id = %(copropriete)s)) order by d.categorie, d.le, d.titre, d.id
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """A document of the archive, under the name that it bears there."""

    chemin: str
    titre: str
    groupe: str
    le: date
    audience: str
    archive: bool
    sha256: str
    adresse: str
    octets: int


def pieces_of(agence_id: UUID, copropriete_id: UUID) -> list[Piece]:
    """Return every document of a copropriété, those taken off line included."""
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, {"agence": agence_id, "copropriete": copropriete_id})
        rows = cursor.fetchall()
    seen: dict[str, int] = {}
    found = []
    for titre, categorie, le, audience, archive, sha256, adresse, octets, mime in rows:
        groupe = nom_sur(str(Groupe(groupe_de(categorie)).label))
        base = f"documents/{groupe}/{le.isoformat()} {nom_sur(titre)}"
        seen[base.lower()] = rank = seen.get(base.lower(), 0) + 1
        ending = ".pdf" if mime == "application/pdf" else ""
        chemin = f"{base}{f' ({rank})' if rank > 1 else ''}{ending}"
        found.append(Piece(chemin, titre, groupe, le, audience, bool(archive), sha256, adresse, octets))
    return found


def inventory(pieces: list[Piece]) -> bytes:
    """Return the inventory as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(["chemin", "titre", "groupe", "date", "audience", "hors_ligne", "octets", "sha256"])
    for p in pieces:
        writer.writerow(
            [
                neutralise(p.chemin),
                neutralise(p.titre),
                neutralise(p.groupe),
                p.le,
                neutralise(p.audience),
                "oui" if p.archive else "",
                p.octets,
                p.sha256,
            ]
        )
    return out.getvalue().encode("utf-8-sig")


def bordereau(agence: str, copropriete: str, pieces: list[Piece], missing: list[Piece]) -> bytes:
    """Return the slip that both sides sign, in French."""
    groups: dict[str, list[Piece]] = {}
    for p in pieces:
        groups.setdefault(p.groupe, []).append(p)
    sections = [
        Section("Objet", [
            f"Remise des documents de la copropriété {copropriete} par {agence}, le {date_simple(today())} : "
            f"{len(pieces)} documents, {sum(p.octets for p in pieces)} octets. Loi du 10 juillet 1965, article 18-2.",
        ]),
        *(
            Section(groupe, [[f"{date_simple(p.le)} : {p.titre}{' (retiré du portail)' if p.archive else ''}" for p in rows]])
            for groupe, rows in sorted(groups.items())
        ),
    ]  # fmt: skip
    if missing:
        sections.append(Section("Documents que le coffre n’a pas pu rendre", [[p.titre for p in missing]]))
    sections.append(
        Section("Signatures", ["Remis par : nom, qualité, date.", "Reçu par : nom, qualité, date."])
    )
    digest = hashlib.sha256(inventory(pieces)).hexdigest()
    return sections_pdf(
        "Bordereau de remise", f"{copropriete} · {agence}", sections, langue="fr", pied=f"Palier · {agence}",
        preuve=f"Empreinte SHA-256 de l’inventaire : {digest}",
    )  # fmt: skip


def write_archive(
    target: Path, agence: str, copropriete_id: UUID, copropriete: str, key: AgenceKey
) -> dict[str, int]:
    """Write the archive; return its counts. Files that the vault no longer gives whole are named in the bordereau."""
    pieces, missing = pieces_of(key.agence_id, copropriete_id), []
    kept: list[Piece] = []
    with zipfile.ZipFile(target, "w") as archive:
        for piece in pieces:
            try:
                content = read(key, piece.adresse, piece.octets)
            except DamagedFile:
                missing.append(piece)
                continue
            archive.writestr(member(piece.chemin, compress=False), content)
            kept.append(piece)
        slip, listed = bordereau(agence, copropriete, kept, missing), inventory(kept)
        archive.writestr(member("inventaire.csv", compress=True), listed)
        archive.writestr(member("bordereau.pdf", compress=False), slip)
        files: list[dict[str, Any]] = [
            {"chemin": p.chemin, "octets": p.octets, "sha256": p.sha256} for p in kept
        ] + [
            {"chemin": nom, "octets": len(c), "sha256": hashlib.sha256(c).hexdigest()}
            for nom, c in (("inventaire.csv", listed), ("bordereau.pdf", slip))
        ]
        facts = {
            "format": "palier-archive-copropriete", "version": "1.0", "agence": agence, "copropriete": copropriete,
            "fait_le": now().isoformat(timespec="seconds"), "fichiers": files,
        }  # fmt: skip
        archive.writestr(member("manifeste.json", compress=True), manifest_bytes(facts))
    return {"documents": len(kept), "manquants": len(missing)}
