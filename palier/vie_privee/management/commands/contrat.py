"""``./run manage contrat fin|reprendre|passage``: end a contract now, sign it again, run the daily round."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from palier.agences.models import Agence
from palier.core.actor import Actor, Role
from palier.core.errors import BusinessError
from palier.core.tenancy import open_actor
from palier.vie_privee.contrats.actions import end_contract, resume_contract
from palier.vie_privee.contrats.passage import go_round


class Command(BaseCommand):
    """What the exploitant's console does, from the command line."""

    help = "Met fin au contrat d’une agence, le reprend, ou fait le passage du jour (termes et effacements)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        fin = verbs.add_parser("fin", help="met fin au contrat maintenant")
        fin.add_argument("--agence", required=True)
        fin.add_argument(
            "--le",
            type=date.fromisoformat,
            help="jour de la fin, passé : hors production seulement, pour essayer",
        )
        reprendre = verbs.add_parser("reprendre", help="l’agence a signé à nouveau avant le septième jour")
        reprendre.add_argument("--agence", required=True)
        verbs.add_parser("passage", help="ce que le travail de fond fait chaque heure")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "passage":
            go_round()
            self.stdout.write("Passage fait.")
            return
        agence = Agence.objects.filter(slug=options["agence"]).first()
        if agence is None:
            raise CommandError(f"Aucune agence « {options['agence']} ».")
        if options.get("le") and settings.PRODUCTION:
            raise CommandError("En production, un contrat finit aujourd’hui, ou à la date portée au contrat.")
        actor = Actor(role=Role.SYSTEME, reason=f"commande contrat {options['verb']}")
        try:
            with transaction.atomic():
                open_actor(actor)
                self._do(actor, agence, options)
        except BusinessError as error:
            raise CommandError(str(error)) from None

    def _do(self, actor: Actor, agence: Agence, options: dict[str, Any]) -> None:
        if options["verb"] == "reprendre":
            resume_contract(actor, agence.id)
            self.stdout.write(f"{agence.slug} : le contrat reprend, rien n’est effacé.")
            return
        row = end_contract(actor, agence.id, options["le"])
        if options[
            "le"
        ]:  # to try: the clock is moved by ending in the past, so that the seventh day may have come
            from palier.vie_privee.rules.contrats import DELAI_EFFACEMENT

            row.efface_le = row.fin + DELAI_EFFACEMENT
            row.save(update_fields=["efface_le"])
        self.stdout.write(f"{agence.slug} : terminé le {row.fin}, effacé le {row.efface_le}.")
