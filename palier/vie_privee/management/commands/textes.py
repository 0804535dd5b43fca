"""``./run manage textes publier|verifier``: the legal texts shipped with Palier."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.exploitant import VARIABLES
from palier.vie_privee.enums import GenreTexte
from palier.vie_privee.livraison import missing, publish_shipped
from palier.vie_privee.queries import text_in_force


class Command(BaseCommand):
    """Publish what has no version yet, or say what is in force and what is missing."""

    help = "Publie les textes légaux livrés avec Palier, complétés par les réglages de l’installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("acte", choices=("publier", "verifier"))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["acte"] == "publier":
            self._publish()
            return
        for genre, libelle in GenreTexte.choices:
            texte = text_in_force(genre, "fr")
            state = (
                f"version {texte.version}, en vigueur depuis le {texte.en_vigueur_le:%d/%m/%Y}"
                if texte
                else "aucune version"
            )
            self.stdout.write(f"{libelle} : {state}")
        absent = missing()
        if absent and options["acte"] == "verifier":
            raise CommandError(
                f"Réglages à renseigner : {', '.join(VARIABLES.get(n, n) for n in absent)}.", returncode=1
            )

    def _publish(self) -> None:
        try:
            published = publish_shipped()
        except ValueError as error:
            absent = ", ".join(VARIABLES.get(name, name) for name in str(error).split(", "))
            raise CommandError(
                f"Rien n’est publié : ces réglages manquent : {absent}.", returncode=1
            ) from error
        for genre in published:
            self.stdout.write(self.style.SUCCESS(f"Publié : {genre}"))
