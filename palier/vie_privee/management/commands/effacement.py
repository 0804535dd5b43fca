"""``./run manage effacement relever|prouver|executer``: what an agence has, then that nothing of it remains.

``relever`` before the seventh day writes the agence's words in a file of yours; ``prouver`` after it looks for each of
them in the base, in the storage, and in the backups given. With ``--jusqu-au-bout``, on a test installation, ``prouver``
does all of it: words, end of contract seven days ago, erasure, search.
"""

import json
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from palier.agences.cles import agence_key
from palier.agences.models import Agence, FinContrat
from palier.core import dates
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.journal import PORTAL
from palier.core.tenancy import open_actor
from palier.vie_privee.effacement import certificat, preuve
from palier.vie_privee.effacement.etapes import NotYet, run


class Command(BaseCommand):
    """Exit code 0: nothing of it remains; 1: something does, and where is said."""

    help = (
        "Relève les mots d’une agence, l’efface si son septième jour est venu, prouve qu’il n’en reste rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        take = verbs.add_parser("relever", help="écrit les mots propres à l’agence, avant l’effacement")
        take.add_argument("--agence", required=True)
        take.add_argument("--mots", type=Path, required=True)
        prove = verbs.add_parser("prouver", help="cherche ces mots partout, après l’effacement")
        prove.add_argument("--agence", required=True)
        prove.add_argument("--mots", type=Path, help="le fichier écrit par « relever »")
        prove.add_argument(
            "--sauvegarde", type=Path, action="append", default=[], help="sauvegarde où chercher aussi"
        )
        prove.add_argument(
            "--jusqu-au-bout", action="store_true", help="hors production : tout faire, à l’instant"
        )
        verbs.add_parser(
            "executer", help="efface l’agence maintenant si son septième jour est venu"
        ).add_argument("--agence", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["verb"])(options)

    def relever(self, options: dict[str, Any]) -> None:
        """Write the words."""
        agence, words = self._words(options["agence"])
        content = {"agence": str(agence), "mots": sorted(word.hex() for word in words)}
        options["mots"].write_text(json.dumps(content))
        options["mots"].chmod(0o600)
        self.stdout.write(
            f"{len(words)} mots propres à l’agence dans {options['mots']} : à détruire après la preuve."
        )

    def _words(self, slug: str) -> tuple[UUID, set[bytes]]:
        agence = self._agence(slug)
        with transaction.atomic():
            actor = Actor.system(agence.id, "preuve d’effacement")
            open_actor(actor)
            try:
                key = agence_key(actor, agence.id)
            except Invisible:
                key = None
            words = preuve.words_of(agence.id, key)
            others = list(Agence.objects.order_by("id").values_list("id", flat=True))
            return agence.id, preuve.only_its_own(words, agence.id, [*others, PORTAL])

    def _agence(self, slug: str) -> Agence:
        agence = Agence.objects.filter(slug=slug).first()
        if agence is None:
            raise CommandError(
                f"Aucune agence « {slug} » : si elle est effacée, donnez --mots.", returncode=1
            )
        return agence

    def executer(self, options: dict[str, Any]) -> None:
        """Erase, if the day has come."""
        agence = self._agence(options["agence"])
        self._erase(agence.id)

    def _erase(self, agence_id: UUID) -> None:
        row = FinContrat.objects.filter(agence_id=agence_id, annule_le=None).first()
        try:
            if row is None:
                raise NotYet
            proof = run(row.id, lambda step: self.stdout.write(f"  {step} : fait"))
        except NotYet:
            raise CommandError(
                "Le contrat court, ou le septième jour n’est pas venu.", returncode=1
            ) from None
        target = Path(settings.DATA_DIR) / f"certificat-{proof.id}.json"
        target.write_bytes(certificat.envelope(proof))
        target.with_suffix(".pdf").write_bytes(bytes(proof.pdf))
        self.stdout.write(f"Certificat : {target} et {target.with_suffix('.pdf').name}")

    def prouver(self, options: dict[str, Any]) -> None:
        """Look for the words everywhere."""
        if options["jusqu_au_bout"]:
            if settings.PRODUCTION:
                raise CommandError(
                    "En production, un contrat finit par la console ou à son terme.", returncode=1
                )
            agence_id, words = self._words(options["agence"])
            jour = dates.today() - timedelta(days=7)
            call_command("contrat", "fin", agence=options["agence"], le=jour, stdout=self.stdout)
            self._erase(agence_id)
        elif options["mots"]:
            kept = json.loads(options["mots"].read_text())
            agence_id, words = UUID(kept["agence"]), {bytes.fromhex(word) for word in kept["mots"]}
        else:
            raise CommandError(
                "Donnez --mots (écrit par « relever » avant l’effacement), ou --jusqu-au-bout.", returncode=1
            )
        self._search(agence_id, words, options["sauvegarde"])

    def _search(self, agence_id: UUID, words: set[bytes], backups: list[Path]) -> None:
        if not words:
            raise CommandError("Aucun mot à chercher : la preuve ne prouverait rien.", returncode=1)
        with transaction.atomic():
            present = list(Agence.objects.order_by("id").values_list("id", flat=True))
            places = {
                "base": preuve.in_base(words, [*present, agence_id, PORTAL]),
                "stockage": preuve.in_storage(words, agence_id),
                **{str(path): preuve.in_file(words, path) for path in backups},
            }
        for place, found in places.items():
            self.stdout.write(f"{place} : {len(found)} mot(s) sur {len(words)}")
            for word in sorted(found)[:20]:
                self.stderr.write(f"  {word.decode('utf-8', 'replace')}")
        if any(places.values()):
            raise CommandError("Il en reste.", returncode=1)
        self.stdout.write("Rien de cette agence ne reste.")
