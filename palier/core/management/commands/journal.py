"""``./run manage journal verifier [--agence SLUG]``: recompute the chains of the journal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from palier.core import journal
from palier.core.actor import Actor
from palier.core.tenancy import acting_as


class Command(BaseCommand):
    """Exit code 0: every chain is whole; 1: one is broken, and where is said."""

    help = "Vérifie les chaînes du journal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("geste", choices=["verifier"])
        parser.add_argument("--agence", help="identifiant court d'une agence ; toutes sinon")

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select id, slug from agences_agence where %s::text is null or slug = %s order by slug",
                [options["agence"], options["agence"]],
            )
            chains = cursor.fetchall()
        if options["agence"] and not chains:
            raise CommandError(f"Aucune agence ne s'appelle « {options['agence']} ».")
        if not options["agence"]:
            chains.append((journal.PORTAL, "portail"))
        broken = 0
        for chain, name in chains:
            with acting_as(Actor.system(chain, "vérification du journal")):
                lines, fault = journal.verify(chain)
            if fault is None:
                self.stdout.write(f"{name} : {lines} lignes, chaîne entière.")
            else:
                broken += 1
                self.stderr.write(f"{name} : {lines} lignes, chaîne rompue à la ligne {fault}.")
        if broken:
            raise CommandError(f"{broken} chaîne(s) rompue(s).", returncode=1)
