"""``./run manage profil liste | verifier [FICHIER] [--agence SLUG] | convertir …``: mapping profiles from the command line.

Exit codes: 0 done (alerts included); 1 refused, nothing written; 2 wrong command; 3 the profile itself is invalid.
"""

import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from palier.echanges.profils import Demande, Profil, ProfilRefuse, convert, load_profile, shipped_profiles
from palier.echanges.profils.bilan import report, report_facts

REFUSE, USAGE, INVALIDE = 1, 2, 3


class Command(BaseCommand):
    """Lists, checks and runs mapping profiles; reaches no database."""

    help = "Transforme un export (FEC, relevés, tableurs, PDF) en dossier, selon un profil."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("liste", help="les profils livrés, leur statut et leurs paramètres")
        check = verbs.add_parser(
            "verifier", help="contrôle un profil, ou rejoue l’épreuve des profils calibrés"
        )
        check.add_argument(
            "fichier", type=Path, nargs="?", help="profil .yaml, ou profil calibré exporté (.zip)"
        )
        check.add_argument(
            "--agence", metavar="SLUG", help="rejoue l’épreuve des profils calibrés de cette agence"
        )
        run = verbs.add_parser("convertir", help="convertit un export en dossier.zip")
        run.add_argument("sources", nargs="+", type=Path, metavar="SOURCE", help="fichiers, dossiers ou zip")
        run.add_argument(
            "--profil",
            action="append",
            required=True,
            help="nom d’un profil livré ou fichier .yaml ; répétable",
        )
        run.add_argument("--agence", required=True, metavar="SLUG")
        run.add_argument("--vers", type=Path, help="dossier.zip à écrire ; absent : essai à blanc")
        run.add_argument("--parametre", action="append", default=[], metavar="NOM=VALEUR")
        run.add_argument(
            "--base", default="principale", help="base du logiciel, pour distinguer deux sources"
        )
        run.add_argument("--arrete-au", type=dt.date.fromisoformat, metavar="AAAA-MM-JJ")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["verb"])(options)

    def liste(self, options: dict[str, Any]) -> None:
        """Name the shipped profiles."""
        for profil in shipped_profiles().values():
            self.stdout.write(
                f"{profil.nom:<16} {profil.statut:<10} {profil.titre} → {', '.join(profil.tables)}"
            )
            for name, spec in profil.parametres.items():
                self.stdout.write(f"    {name} (défaut « {spec.get('defaut', '')} ») : {spec['description']}")

    def verifier(self, options: dict[str, Any]) -> None:
        """Check one profile, or replay the tests of an agence's calibrations."""
        if options["agence"]:
            self._replay(options["agence"])
            return
        if options["fichier"] is None:
            raise CommandError("Donnez un fichier, ou --agence SLUG.", returncode=USAGE)
        if options["fichier"].suffix.lower() == ".zip":
            self._package(options["fichier"])
            return
        profil = self._load(str(options["fichier"]))
        self.stdout.write(f"Profil {profil.nom} version {profil.version} : valide ({profil.statut}).")
        for source in profil.sources.values():
            self.stdout.write(f"  source {source.nom} ({source.type}), signature {source.entete.signature}")
        self.stdout.write(f"  tables : {', '.join(profil.tables)}")

    def _replay(self, slug: str) -> None:
        """Run the test of every calibration in use at an agence."""
        from palier.agences.models import Agence
        from palier.core.actor import Actor
        from palier.core.tenancy import acting_as
        from palier.echanges.connecteurs.actions import test_calibration
        from palier.echanges.connecteurs.nuit import live_profiles

        agence = Agence.objects.filter(slug=slug).first()
        if agence is None:
            raise CommandError(f"L’agence « {slug} » n’existe pas.", returncode=USAGE)
        with acting_as(Actor.system(agence.id, "commande profil verifier")) as actor:
            rows = live_profiles(actor)
        failed = 0
        for row in rows:
            differences = test_calibration(row)
            failed += bool(differences)
            said = "épreuve réussie" if not differences else "ÉPREUVE EN ÉCHEC : " + " ".join(differences[:3])
            self.stdout.write(f"{row.connecteur}/{row.code} version {row.version} ({row.statut}) : {said}")
        if not rows:
            self.stdout.write("Aucun profil calibré en service.")
        if failed:
            raise CommandError(f"{failed} épreuves en échec.", returncode=REFUSE)

    def _package(self, path: Path) -> None:
        """Check a calibration exported by an agence, and run its test."""
        from palier.core.errors import BusinessError
        from palier.echanges.connecteurs.partage import unpack

        try:
            with path.open("rb") as content:
                found = unpack(content)
        except OSError as error:
            raise CommandError(f"{path} ne peut pas être lu.", returncode=USAGE) from error
        except BusinessError as error:
            raise CommandError(str(error), returncode=REFUSE) from None
        self.stdout.write(f"Profil calibré « {found.nom} » ({found.connecteur}) : valide, épreuve réussie.")

    def convertir(self, options: dict[str, Any]) -> None:
        """Convert, then print the report."""
        profils = [self._load(name) for name in options["profil"]]
        request = Demande(
            profils=profils,
            sources=options["sources"],
            agence=options["agence"],
            vers=options["vers"],
            parametres=self._parameters(options["parametre"]),
            base=options["base"],
            arrete_au=options["arrete_au"],
        )
        try:
            result = convert(request)
        except ProfilRefuse as refus:
            raise self._refusal("Conversion refusée, rien n’a été écrit.", refus, REFUSE) from None
        for line in report(result):
            self.stdout.write(line)

    def _load(self, name: str) -> Profil:
        try:
            if name.endswith((".yaml", ".yml")):
                return load_profile(Path(name))
            found = shipped_profiles()
        except ProfilRefuse as refus:
            raise self._refusal("Profil invalide.", refus, INVALIDE) from None
        if name not in found:
            raise CommandError(
                f"Profil « {name} » inconnu ; profils livrés : {', '.join(found)}.", returncode=USAGE
            )
        return found[name]

    def _parameters(self, given: list[str]) -> dict[str, str]:
        values = {}
        for text in given:
            name, mark, value = text.partition("=")
            if not mark:
                raise CommandError(f"« {text} » : un paramètre s’écrit NOM=VALEUR.", returncode=USAGE)
            values[name] = value
        return values

    def _refusal(self, title: str, refus: ProfilRefuse, code: int) -> CommandError:
        lines = "\n".join(report_facts(refus.constats))
        return CommandError(f"{title}\n{lines}", returncode=code)
