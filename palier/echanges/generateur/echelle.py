"""Large dossiers for the benchmarks: streamed table by table, no list of rows is kept in memory."""

import csv
import hashlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from .colonnes import COLONNES
from .paquet import manifest, manifest_bytes, member
from .presse import print_piece
from .resume import Resume
from .temps import add_months
from .vocabulaire import NOMS

LOTS_PAR_COPROPRIETE = 50
APPELS_PAR_COMPTE = 12
PDF = "documents/modele.pdf"
Rangee: TypeAlias = Sequence[object]


@dataclass(frozen=True, slots=True)
class Echelle:
    """Sizes of one large agency: one compte, one tiers and one lot each, `mouvements` lines a compte."""

    slug: str
    lots: int
    mouvements: int
    documents: int
    reference: date
    graine: int

    @property
    def coproprietes(self) -> int:
        """Copropriétés of at most fifty lots."""
        return -(-self.lots // LOTS_PAR_COPROPRIETE)


def generate_scaled(
    target_dir: Path,
    agences: int,
    lots: int,
    reference: date,
    seed: int,
    mouvements_par_compte: int = 12,
    pdf: bool = False,
    documents_par_compte: int = 2,
) -> list[Resume]:
    """Write `agences` dossiers of `lots` lots each into `target_dir` and return their summaries.

    Every compte has `mouvements_par_compte` ledger lines that sum to its balance, and a call of funds for two
    of them (the last twelve calls only). With `pdf`, each compte also has `documents_par_compte` documents, all served by one shared file.
    """
    target_dir.mkdir(parents=True, exist_ok=True)
    documents = documents_par_compte if pdf else 0
    return [
        _write(
            Echelle(f"echelle-{rang:04d}", lots, mouvements_par_compte, documents, reference, seed + rang),
            target_dir / f"echelle-{rang:04d}.zip",
        )
        for rang in range(1, agences + 1)
    ]


def _write(echelle: Echelle, target: Path) -> Resume:
    piece = _shared_piece(echelle) if echelle.documents else b""
    tables: dict[str, Iterable[Rangee]] = {
        "tiers": _tiers(echelle),
        "coproprietes": _coproprietes(echelle),
        "immeubles": _immeubles(echelle),
        "lots": _lots(echelle),
        "cles": _cles(echelle),
        "tantiemes": _tantiemes(echelle),
        "comptes": _comptes(echelle),
        "comptes_tiers": _comptes_tiers(echelle),
        "detentions": _detentions(echelle),
        "echeances": _echeances(echelle),
        "echeances_lignes": _echeances_lignes(echelle),
        "mouvements": _mouvements(echelle),
        "acces": _acces(echelle),
    }
    if echelle.documents:
        tables["documents"] = _documents(echelle, piece)
    with tempfile.TemporaryDirectory(dir=target.parent) as dossier:
        fichiers = [_spool(Path(dossier), table, lignes) for table, lignes in tables.items()]
        with zipfile.ZipFile(target, "w", compresslevel=1) as archive:
            archive.writestr(
                member("dossier.json", True), manifest_bytes(manifest(echelle.slug, echelle.reference, fichiers))
            )
            for table in tables:
                nom = f"{table}.csv"
                with (Path(dossier) / nom).open("rb") as source, archive.open(member(nom, True), "w") as cible:
                    shutil.copyfileobj(source, cible, 1 << 20)
            if piece:
                archive.writestr(member(PDF, True), piece)
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
        fichiers_pdf=1 if piece else 0,
    )


def _spool(dossier: Path, table: str, lignes: Iterable[Rangee]) -> dict[str, Any]:
    """Write one table to a temporary file and describe it."""
    chemin, compte = dossier / f"{table}.csv", 0
    with chemin.open("w", encoding="utf-8", newline="") as sortie:
        redacteur = csv.writer(sortie, delimiter=";", lineterminator="\n")
        redacteur.writerow(COLONNES[table])
        for compte, ligne in enumerate(lignes, 1):  # noqa: B007 (the count outlives the loop)
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


def _copro(rang: int) -> str:
    return f"C{(rang - 1) // LOTS_PAR_COPROPRIETE + 1:05d}"


def _tiers(e: Echelle) -> Iterator[Rangee]:
    rng = Random(e.graine)  # noqa: S311
    for n in range(1, e.lots + 1):
        nom = rng.choice(NOMS)
        yield (f"T{n:07d}", "PP", "Mme", nom, "Camille", "", f"tiers{n}@{e.slug}.example", "", "", "1 rue de l'Écluse",
               "", "49000", "Angers", "FR", "")  # fmt: skip


def _coproprietes(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.coproprietes + 1):
        yield (f"C{n:05d}", f"{n:05d}", f"Résidence {n}", f"ZZ{n:07d}", "", "", "", "", "", "")


def _immeubles(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.coproprietes + 1):
        yield (f"I{n:05d}", f"C{n:05d}", "A", f"Bâtiment {n}", str(n), "", "rue de l'Écluse", "49000", "Angers",
               "49007", "", "", "")  # fmt: skip


def _lots(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        copro = _copro(n)
        yield (f"L{n:07d}", f"I{copro[1:]}", copro, str(n), "appartement", "A", "", "1", "", "52.00", "")


def _cles(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.coproprietes + 1):
        taille = min(LOTS_PAR_COPROPRIETE, e.lots - (n - 1) * LOTS_PAR_COPROPRIETE)
        yield (f"K{n:05d}", f"C{n:05d}", "GEN", "Charges générales", taille * 20)


def _tantiemes(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        yield (f"K{_copro(n)[1:]}", f"L{n:07d}", 20)


def _amount(e: Echelle, compte: int) -> int:
    """Cents of each call of a compte."""
    return 20000 + (compte * 7919 + e.graine) % 40000


def _owes(e: Echelle, compte: int) -> bool:
    """One compte in ten has not paid its last call."""
    return compte % 10 == 0 or e.mouvements % 2 == 1


def _euros(valeur: int) -> str:
    return f"{valeur // 100}.{valeur % 100:02d}"


def _comptes(e: Echelle) -> Iterator[Rangee]:
    jour = e.reference.isoformat()
    for n in range(1, e.lots + 1):
        yield (f"A{n:07d}", "coproprietaire", f"450{n:07d}", f"Compte {n}", _copro(n), _euros(_balance(e, n)), jour,
               "virement", "", "", "true", "")  # fmt: skip


def _balance(e: Echelle, compte: int) -> int:
    """Calls and payments alternate; an unpaid last call replaces its payment by a symbolic cent."""
    montant = _amount(e, compte)
    if e.mouvements % 2:
        return montant
    return montant - 1 if _owes(e, compte) and e.mouvements else 0


def _comptes_tiers(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        yield (f"A{n:07d}", f"T{n:07d}", "titulaire", "", "true", "", "")


def _detentions(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        yield (f"L{n:07d}", f"A{n:07d}", "2015-01-01", "")


def _days(e: Echelle) -> list[date]:
    """Day of each ledger line of a compte, oldest first, within three years."""
    depart = add_months(e.reference, -36)
    pas = (e.reference - depart).days / max(e.mouvements, 1)
    return [depart + timedelta(days=int(pas * rang) + 1) for rang in range(e.mouvements)]


def _calls(e: Echelle) -> list[tuple[int, str]]:
    """Rank and ISO day of the last calls; older ledger lines have no due item any more."""
    return [(rang, jour.isoformat()) for rang, jour in enumerate(_days(e)) if rang % 2 == 0][-APPELS_PAR_COMPTE:]


def _echeances(e: Echelle) -> Iterator[Rangee]:
    appels = _calls(e)
    for n in range(1, e.lots + 1):
        compte, montant = f"A{n:07d}", _euros(_amount(e, n))
        for rang, jour in appels:
            impaye = rang >= e.mouvements - 2 and _owes(e, n)
            regle = ("0.00" if e.mouvements % 2 else "0.01") if impaye and rang == appels[-1][0] else montant
            yield (f"E{n:07d}-{rang}", compte, "appel_provision", "Appel de fonds", jour, jour, jour, jour, montant,
                   regle, "")  # fmt: skip


def _echeances_lignes(e: Echelle) -> Iterator[Rangee]:
    appels = _calls(e)
    for n in range(1, e.lots + 1):
        montant, cle = _euros(_amount(e, n)), f"K{_copro(n)[1:]}"
        for rang, _ in appels:
            yield (f"E{n:07d}-{rang}", 1, f"L{n:07d}", cle, "provision", "Charges générales", montant)


def _mouvements(e: Echelle) -> Iterator[Rangee]:
    jours = [jour.isoformat() for jour in _days(e)]
    dernier = e.mouvements - 1
    suivis = {rang for rang, _ in _calls(e)}
    for n in range(1, e.lots + 1):
        compte, montant = f"A{n:07d}", _euros(_amount(e, n))
        for rang, jour in enumerate(jours):
            echeance = f"E{n:07d}-{rang - rang % 2}" if rang - rang % 2 in suivis else ""
            if rang % 2 == 0:
                yield (f"MV{n:07d}-{rang}", compte, jour, "AF", f"AF-{rang}", "Appel de fonds", montant, "0.00", "",
                       echeance, "")  # fmt: skip
            else:
                paye = "0.01" if rang == dernier and _owes(e, n) else montant
                yield (f"MV{n:07d}-{rang}", compte, jour, "BQ", f"BQ-{rang}", "Virement reçu", "0.00", paye, "",
                       echeance, "")  # fmt: skip


def _documents(e: Echelle, piece: bytes) -> Iterator[Rangee]:
    empreinte, octets = hashlib.sha256(piece).hexdigest(), len(piece)
    for n in range(1, e.lots + 1):
        for rang in range(e.documents):
            jour = (e.reference - timedelta(days=30 * rang + n % 30)).isoformat()
            yield (f"D{n:07d}-{rang}", PDF, empreinte, octets, "application/pdf", f"Appel de fonds {rang + 1}",
                   "appel_de_fonds", jour, "compte", f"A{n:07d}", "compte", jour, "", "")  # fmt: skip


def _acces(e: Echelle) -> Iterator[Rangee]:
    for n in range(1, e.lots + 1):
        yield (f"A{n:07d}", f"{n:08d}", "email")
