"""The three invented dossiers: written once beside the data, and who is worth knowing in them."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from palier.core.dates import today
from palier.echanges.generateur import generate_demo

FICHE = "resumes.json"


@dataclass(frozen=True, slots=True)
class Dossier:
    """One agency's dossier: its zip, the agency's public facts, its known persons (capacity → tiers' reference)."""

    slug: str
    nom: str
    adresse: str
    telephone: str
    couleur: str
    path: Path
    personnes: dict[str, str]


def generated(data: Path) -> list[Dossier]:
    """Return the dossiers, generated on the first call; half a generation is begun again."""
    target = data / "dossiers"
    if not (target / FICHE).exists():
        _generate(target)
    found = json.loads((target / FICHE).read_text())
    return [Dossier(**{**entry, "path": target / entry["path"]}) for entry in found]


def _generate(target: Path) -> None:
    unfinished = target.with_name("dossiers.partiel")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    unfinished.mkdir(parents=True)
    entries = [
        asdict(
            Dossier(
                slug=resume.slug,
                nom=resume.nom,
                adresse=f"{resume.adresse}, {resume.code_postal} {resume.ville}",
                telephone=resume.telephone,
                couleur=resume.couleur,
                path=Path(resume.path.name),
                personnes={key: personne.tiers_id for key, personne in resume.personnes.items()},
            )
        )
        for resume in generate_demo(unfinished, today())
    ]
    (unfinished / FICHE).write_text(json.dumps(entries, ensure_ascii=False, default=str))
    unfinished.rename(target)
