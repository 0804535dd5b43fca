"""From a line of the dossier that was made to the line of the file that was received."""

import csv
from collections.abc import Iterable
from pathlib import Path


def locate(folder: Path, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, int]]:
    """For (table, line of its CSV, the header being 1), the name and the line of the file it came from."""
    by_table: dict[str, set[int]] = {}
    for table, line in wanted:
        by_table.setdefault(table, set()).add(line)
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for table, lines in by_table.items():
        path = folder / f"{table}.csv"
        if not path.is_file():
            continue
        last = max(lines)
        with path.open(encoding="utf-8", newline="") as file:
            for number, (nom, origin) in enumerate(csv.reader(file, delimiter=";"), start=2):
                if number in lines:
                    found[table, number] = (nom, int(origin))
                if number >= last:
                    break
    return found
