"""import.fec: a FEC through its profile, conversion and import, against raw COPY of the rows that come out of it."""

import csv
import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from bench import base, copie
from bench.imports import SLUG, create_agence, import_file, run_once, suffix, working_folder

#: Accounts of one call: one entry debits each of them and credits the provisions once.
COMPTES = 49
TITRES = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip


def measure(rows: int) -> None:
    """Convert and import a FEC of ``rows`` lines, read it bare, then COPY what it gave raw elsewhere."""
    with working_folder("banc-fec") as folder:
        path = folder / "123456789FEC20261231.txt"
        said = write_fec(path, rows)
        bare = _read_bare(path, said)
        with base.copy_of_database("palier_banc_import") as urls:
            create_agence(urls)
            vers = folder / "dossier.zip"
            made = run_once(
                urls, "profil", "convertir", str(path), "--profil", "fec-generique", "--agence", SLUG, "--vers", str(vers)
            )  # fmt: skip
            put = import_file(urls, vers)
            order, dumped = copie.dump(urls, folder / "copie", SLUG)
        with base.copy_of_database("palier_banc_copie") as urls:
            raw = copie.copy_raw(urls, folder / "copie", order)
    total = made["seconds"] + put["seconds"]
    base.ratio(
        f"import.fec{suffix(rows)}",
        raw / total,
        f"{rows} lignes de FEC, {dumped} rangs : conversion {made['seconds']:.1f} s, import {put['seconds']:.1f} s, "
        f"COPY nu {raw:.1f} s",
    )
    base.tell(
        f"conversion : {rows / made['seconds']:.0f} lignes/s ({made['seconds'] / bare:.1f} fois la lecture nue du fichier "
        f"par csv.reader, {bare:.1f} s), mémoire au plus {made['memory'] / 1024:.0f} Mo ; "
        f"import : {put['memory'] / 1024:.0f} Mo"
    )
    base.tell_load()


def write_fec(path: Path, rows: int) -> Decimal:
    """Write a balanced FEC of one copropriété, a call then its payments in turn; return its total debit."""
    total, written, rank = Decimal(0), 0, 0
    with path.open("w", encoding="iso-8859-15", newline="") as out:
        out.write("\t".join(TITRES) + "\r\n")
        while written < rows:
            rank += 1
            for line in _entry(rank, min(COMPTES, rows - written - 1)):
                out.write("\t".join(line) + "\r\n")
                written += 1
                total += Decimal(line[11].replace(",", "."))
    return total


def _entry(rank: int, accounts: int) -> Iterator[list[str]]:
    """A call when the rank is odd, else what pays it: so many accounts on one side, the sum on the other."""
    when = (date(2026, 1, 1) + timedelta(days=rank % 330)).strftime("%Y%m%d")
    call = rank % 2 == 1
    first = (rank - 1) // 2 % 200 * COMPTES
    cents = [20_000 + (first + n) * 7919 % 40_000 for n in range(accounts)]
    sides = [(amount, 0) if call else (0, amount) for amount in cents]
    last = (0, sum(cents)) if call else (sum(cents), 0)
    names = [
        ("450100", "Copropriétaires", f"{first + n:07d}", f"Compte {first + n}") for n in range(accounts)
    ]
    names.append(("701000", "Provisions", "", "") if call else ("512000", "Banque", "", ""))
    for (number, label, auxiliary, title), (debit, credit) in zip(names, [*sides, last], strict=True):
        yield [
            "AF" if call else "BQ", "Appels de fonds" if call else "Banque", str(rank), when, number, label, auxiliary,
            title, f"P{rank}", when, "Appel de fonds" if call else "Virement reçu", _euros(debit), _euros(credit), "", "",
            "20261231", "", "",
        ]  # fmt: skip


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _read_bare(path: Path, said: Decimal) -> float:
    """Read the file with the standard library alone; return the seconds. The sum must be the one written."""
    start = time.perf_counter()
    debit = 0
    with path.open(encoding="iso-8859-15", newline="") as file:
        reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(reader)
        for cells in reader:
            debit += int(cells[11].replace(",", ""))
    seconds = time.perf_counter() - start
    assert Decimal(debit) / 100 == said
    return seconds
