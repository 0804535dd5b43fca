"""``./run manage sauvegarde creer|verifier|restaurer|rejouer``: the whole installation, but the keys (docs/exploitation.md)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from palier.core import dates
from palier.vie_privee.sauvegarde.creer import create_backup
from palier.vie_privee.sauvegarde.format import DamagedBackup
from palier.vie_privee.sauvegarde.restaurer import NotEmpty, replay_everything, restore, verify_backup


class Command(BaseCommand):
    """Runs as the owner of the tables (``./run manage`` sees to it). Exit code 0: done; 1: refused, and why."""

    help = (
        "Sauvegarde, vérifie ou restaure l’installation entière ; les clés des agences restent au trousseau."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("creer", help="écrit une sauvegarde chiffrée et met le trousseau à jour")
        create.add_argument("fichier", type=Path, nargs="?")
        for verb, text in (
            ("verifier", "ouvre chaque bloc qui peut l’être"),
            (
                "restaurer",
                "restaure dans une base neuve, puis efface et arrête à nouveau ce qui l’a été depuis",
            ),
        ):
            verbs.add_parser(verb, help=text).add_argument("fichier", type=Path)
        verbs.add_parser(
            "rejouer",
            help="après une restauration par PostgreSQL lui-même : efface et arrête à nouveau, sans rien charger",
        ).set_defaults(fichier=None)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, options["verb"])(options["fichier"])
        except DamagedBackup as error:
            raise CommandError(
                f"Sauvegarde coupée, altérée, ou d’une autre clé : {error}. Rien n’a changé en base.",
                returncode=1,
            ) from None
        except NotEmpty:
            raise CommandError(
                "La base contient déjà des agences ou des comptes : restaurez dans une base neuve (migrate, prepare_base).",
                returncode=1,
            ) from None
        except OSError as error:
            raise CommandError(
                f"Le fichier ne se lit ou ne s’écrit pas : {error.strerror}.", returncode=1
            ) from None

    def creer(self, path: Path | None) -> None:
        """Write a backup."""
        target = (
            path or Path(settings.DATA_DIR) / "sauvegardes" / f"palier-{dates.now():%Y%m%dT%H%M%SZ}.palier"
        )
        manifest = create_backup(target)
        files = sum(part["fichiers"] for part in manifest["agences"])
        self.stdout.write(
            f"{target} : {len(manifest['agences'])} agences, {files} fichiers. Trousseau : {settings.TROUSSEAU_DIR}, "
            "à garder en un seul exemplaire, ailleurs que les sauvegardes."
        )

    def verifier(self, path: Path) -> None:
        """Check a backup without writing anything."""
        done = verify_backup(path)
        self.stdout.write(
            f"Entière : {done['commun']} tables communes, {done['agences']} agences lisibles, {done['illisibles']} dont la clé "
            f"est détruite ou absente, {done['fichiers']} fichiers."
        )

    def restaurer(self, path: Path) -> None:
        """Restore into a fresh database."""
        done = restore(path)
        self.stdout.write(
            f"Restauré : {done['agences']} agences, {done['fichiers']} fichiers ; {done['illisibles']} agences illisibles (clé "
            f"détruite) ; {done['comptes_reeffaces']} comptes effacés à nouveau, {done['decisions']} décisions appliquées à nouveau."
        )

    def rejouer(self, _path: None) -> None:
        """Replay, in the base as it is."""
        done = replay_everything()
        self.stdout.write(
            f"{done['comptes_reeffaces']} comptes effacés à nouveau, {done['decisions']} décisions appliquées à nouveau."
        )
