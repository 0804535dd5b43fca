"""``./run manage generate_dossier --agences N --lots M``: large invented dossiers, for measures and trials.

Exit codes: 0 written; 1 refused, nothing written; 2 wrong command. Reaches no database.
"""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from palier.core.dates import today
from palier.echanges.generateur import GRAINE, generate_scaled

AGENCES, LOTS = 1_000, 1_000_000  # beyond, a slip of the keyboard would fill the disk
MOUVEMENTS = 120


class Command(BaseCommand):
    """Writes one dossier an agence; the same arguments give the same bytes."""

    help = "Écrit des dossiers inventés, un par agence, aussi grands que voulu."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--agences", type=int, default=1, metavar="N", help="combien d’agences (1)")
        parser.add_argument(
            "--lots", type=int, default=100, metavar="M", help="combien de lots par agence (100)"
        )
        parser.add_argument(
            "--mouvements", type=int, default=12, metavar="N", help="écritures de chaque compte (12)"
        )
        parser.add_argument(
            "--pdf", action="store_true", help="deux documents par compte, chacun son fichier"
        )
        parser.add_argument(
            "--vers", type=Path, default=Path("dossiers"), metavar="DOSSIER", help="où les écrire (dossiers)"
        )
        parser.add_argument("--graine", type=int, default=GRAINE, help="une autre graine, d’autres données")
        parser.add_argument(
            "--date", type=dt.date.fromisoformat, metavar="AAAA-MM-JJ", help="date de l’arrêté (aujourd’hui)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for name, most in (("agences", AGENCES), ("lots", LOTS), ("mouvements", MOUVEMENTS)):
            if not 1 <= options[name] <= most:
                raise CommandError(f"--{name} va de 1 à {most} (lu : {options[name]}).", returncode=1)
        try:
            made = generate_scaled(
                options["vers"],
                options["agences"],
                options["lots"],
                options["date"] or today(),
                options["graine"],
                options["mouvements"],
                pdf=options["pdf"],
                propres=options["pdf"],
            )
        except OSError as error:
            raise CommandError(f"{options['vers']} : {error.strerror}.", returncode=1) from error
        for resume in made:
            lines = sum(resume.lignes.values())
            self.stdout.write(
                f"{resume.path} : {lines} lignes, {resume.fichiers_pdf} PDF, agence {resume.slug}"
            )
