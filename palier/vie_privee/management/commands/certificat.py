"""``./run manage certificat verifier FICHIER``: is this certificate of erasure ours, and untouched?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from palier.vie_privee.effacement.certificat import public_key, verify

RAISONS = {
    "illisible": "ce n’est pas un certificat : le fichier ne se lit pas.",
    "signature": "la signature ne correspond pas : le fichier a été changé, ou vient d’une autre installation.",
    "format": "ce n’est pas un certificat d’effacement.",
    "pdf_inconnu": "ce PDF n’est pas, octet pour octet, un certificat remis par cette installation.",
}


class Command(BaseCommand):
    """Exit code 0: authentic; 1: not."""

    help = "Vérifie un certificat d’effacement (JSON ou PDF), ou montre la clé publique."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        check = verbs.add_parser("verifier")
        check.add_argument("fichier", type=Path)
        check.add_argument("--cle", default="", help="clé publique (base64) d’une autre installation")
        verbs.add_parser("cle", help="montre la clé publique de cette installation")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "cle":
            self.stdout.write(public_key())
            return
        try:
            content = options["fichier"].read_bytes()
        except OSError as error:
            raise CommandError(
                f"{options['fichier']} ne se lit pas ({error.strerror}).", returncode=1
            ) from None
        verdict = verify(content, options["cle"])
        if not verdict.bon or verdict.faits is None:
            raise CommandError(f"Non authentique : {RAISONS[verdict.raison]}", returncode=1)
        faits = verdict.faits
        before = sum(n["avant"] for n in faits["tables"].values())
        after = sum(n["apres"] for n in faits["tables"].values())
        self.stdout.write(
            f"Authentique. Certificat n° {faits['numero']} du {faits['fait_le']}, agence {faits['agence']['id']} : "
            f"{before} lignes avant, {after} après ; {faits['fichiers']['avant']} fichiers avant, "
            f"{faits['fichiers']['apres']} après ; clé {faits['cle']['empreinte'][:16]}… détruite."
        )
