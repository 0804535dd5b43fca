"""One small agency, generated once for the whole folder."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from palier.echanges.generateur import ESSAI, Resume, generate_agence

from .lecture import read_tables

REFERENCE = date(2026, 11, 23)


@dataclass(frozen=True)
class Essai:
    """The small agency: its summary and its tables."""

    resume: Resume
    tables: dict[str, list[dict[str, str]]]


@pytest.fixture(scope="session")
def essai(tmp_path_factory: pytest.TempPathFactory) -> Essai:
    cible: Path = tmp_path_factory.mktemp("generateur") / "essai.zip"
    resume = generate_agence(ESSAI, 7, REFERENCE, cible)
    return Essai(resume, read_tables(cible))
