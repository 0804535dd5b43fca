"""The files of the documents: present, whole, unaltered, and really PDF. A fault refuses its document only."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from palier.echanges.anomalies import Anomalie, DossierRefuse
from palier.echanges.conteneur import Conteneur
from palier.echanges.etabli import Etabli
from palier.echanges.masque import mask
from palier.echanges.repertoire import shown

PDF = b"%PDF-"
#: The column that each fault is about, when it is not the file's path.
COLONNES = {"fichier_empreinte": "sha256", "fichier_taille": "octets"}
DEJA_RECU = "sha256:"


@dataclass(frozen=True)
class Mesure:
    """What a file of the zip really is."""

    octets: int
    sha256: str
    pdf: bool


def measure(conteneur: Conteneur, name: str) -> Mesure | None:
    """Inflate a file once to weigh and hash it; None when it cannot be read whole."""
    digest = hashlib.sha256()
    size, pdf = 0, False
    try:
        for block in conteneur.chunks(name, conteneur.limites.document):
            if not size:
                pdf = block.startswith(PDF)
            size += len(block)
            digest.update(block)
    except DossierRefuse as refus:
        if any(a.code == "zip_taux" for a in refus.anomalies) or conteneur.exhausted:
            raise
        return None
    return Mesure(size, digest.hexdigest(), pdf)


def _fault(mesure: Mesure | None, sha256: object, octets: object) -> tuple[str, dict[str, object]] | None:
    if mesure is None:
        return "fichier_illisible", {}
    if not mesure.pdf:
        return "fichier_pas_pdf", {}
    if mesure.octets != octets:
        return "fichier_taille", {"taille": mesure.octets, "declaree": octets}
    if mesure.sha256 != sha256:
        return "fichier_empreinte", {}
    return None


def check_files(etabli: Etabli, conteneur: Conteneur, progress: Callable[[float], None]) -> None:
    """Verify the file of every document, each file once, and warn of files that no document names."""
    members = conteneur.documents()
    named: set[str] = set()
    if etabli.has("documents"):
        _check_rows(etabli, conteneur, members, progress)
        named = {str(r[0]) for r in etabli.sql("SELECT DISTINCT fichier FROM l_documents")}
    orphans = sorted(set(members) - named)
    if orphans:
        params = (("nombre", len(orphans)), ("membre", shown(orphans[0])))
        etabli.collecte.add(Anomalie("fichier_non_reference", params=params), len(orphans))


def _check_rows(
    etabli: Etabli, conteneur: Conteneur, members: dict[str, int], progress: Callable[[float], None]
) -> None:
    refusing = etabli.lues["documents"].masque_ligne
    rows = etabli.sql(
        "SELECT w._ligne, w.id, w.fichier, w.sha256, w.octets, w._unite FROM w_documents w "
        f"WHERE w._f & {refusing} = 0 ORDER BY w.fichier, w._ligne"
    )
    stored = {str(r[0]) for r in etabli.sql("SELECT id FROM connus WHERE nom = 'fichiers'")}
    refused: list[int] = []
    last, mesure = "", None
    for i, (ligne, identity, fichier, sha256, octets, unite) in enumerate(rows):
        name = str(fichier)
        found: tuple[str, dict[str, object]] | None
        if name.startswith(DEJA_RECU):
            known = name.removeprefix(DEJA_RECU) == sha256 and sha256 in stored
            found = None if known else ("fichier_absent", {})
        elif name not in members:
            found = "fichier_absent", {}
        else:
            if name != last:
                last, mesure = name, measure(conteneur, name)
            found = _fault(mesure, sha256, octets)
        if found:
            code, params = found
            refused.append(ligne)
            etabli.collecte.add(
                Anomalie(
                    code,
                    "documents",
                    ligne,
                    str(identity),
                    COLONNES.get(code, "fichier"),
                    mask(name),
                    str(unite),
                    tuple(params.items()),
                )
            )
        if i % 50 == 0:
            progress(i / len(rows))
    for start in range(0, len(refused), 1000):
        values = ", ".join(f"({n})" for n in refused[start : start + 1000])
        etabli.con.execute(f"INSERT INTO r_documents VALUES {values}")
