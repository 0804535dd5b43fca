"""``./run manage surveiller --une-fois``: look into the watched folders now, as the worker does each minute."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from palier.echanges.surveillance.passage import look_everywhere

PAS = 60  # seconds between two looks


class Command(BaseCommand):
    """Takes what was dropped, gives back the reports of what has ended."""

    help = "Regarde les dossiers surveillés : prend ce qui est arrivé, rend les rapports."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--une-fois", action="store_true", help="regarde une fois, puis s’arrête")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.DEPOTS_DIR is None:
            raise CommandError("Aucun dossier surveillé : donnez leur racine par PALIER_DEPOTS.")
        while True:
            count = look_everywhere()
            if options["une_fois"]:
                self.stdout.write(f"{count} dossier(s) surveillé(s) sous {settings.DEPOTS_DIR}.")
                return
            time.sleep(PAS)
