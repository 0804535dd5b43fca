"""``manage dossier check FILE`` and ``manage dossier import --agence SLUG FILE``: see docs/dossier/README.md."""

import logging
import sys
import tempfile
import time
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError, connections

from palier.agences.models import Agence
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.actions import create_import
from palier.echanges.anomalies import Collecte, DossierRefuse
from palier.echanges.codes import Gravite
from palier.echanges.conteneur import Conteneur
from palier.echanges.controle import check_dossier
from palier.echanges.documentation import write_docs
from palier.echanges.enums import EtatImport
from palier.echanges.execution import run_import
from palier.echanges.historique import commande as annulation
from palier.echanges.models import Anomalie, Import
from palier.echanges.panne import sentence
from palier.echanges.rapport import write_csv, write_json
from palier.echanges.retours import commande as retours
from palier.echanges.retours.documentation import write_docs as write_return_docs

#: Exit codes: all on line · some lines to correct · file refused · waits for a confirmation · failure of ours.
TOUT, PARTIEL, REFUSE, A_CONFIRMER, PANNE = 0, 1, 2, 3, 4
_CODES = {
    EtatImport.APPLIQUE: TOUT,
    EtatImport.DEJA_APPLIQUE: TOUT,
    EtatImport.PARTIEL: PARTIEL,
    EtatImport.REFUSE: REFUSE,
    EtatImport.PERIME: REFUSE,
    EtatImport.A_CONFIRMER: A_CONFIRMER,
    EtatImport.ABANDONNE: PANNE,
}
#: An import that a breakdown left so put nothing on line.
_INACHEVES = (EtatImport.RECU, EtatImport.EN_COURS, EtatImport.ABANDONNE)
_ESSAIS = 5
_LARGEUR = 30
#: Lines of a report that the terminal shows.
_MONTREES = 50
logger = logging.getLogger("palier.echanges")


class Command(BaseCommand):
    """Check or import a dossier from the command line."""

    help = "Contrôle ou importe un dossier (zip) ; écrit la documentation du format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        sub = parser.add_subparsers(dest="geste", required=True)
        check = sub.add_parser("check", help="contrôle un dossier sans rien mettre en ligne")
        check.add_argument("fichier", type=Path)
        check.add_argument("--agence", help="slug de l'agence attendue (par défaut : celle du dossier)")
        check.add_argument("--csv", type=Path, help="écrit le rapport en CSV")
        check.add_argument("--json", type=Path, help="écrit le rapport en JSON")
        load = sub.add_parser("import", help="met un dossier en ligne")
        load.add_argument("fichier", type=Path)
        load.add_argument("--agence", required=True, help="slug de l'agence")
        load.add_argument("--confirmer", action="store_true", help="accepte une disparition massive")
        retours.add_arguments(sub.add_parser("retours", help="écrit le fichier de retour vers l'agence"))
        annulation.add_arguments(
            sub.add_parser("annuler", help="annule un import : l'état précédent revient")
        )
        sub.add_parser("docs", help="écrit docs/dossier à partir des schémas")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["geste"] == "docs":
            write_docs(Path.cwd() / "docs" / "dossier")
            write_return_docs(Path.cwd() / "docs" / "dossier")
            return
        if options["geste"] == "retours":
            code = retours.run(options, self.stdout)
            if code:
                sys.exit(code)
            return
        if options["geste"] == "annuler":
            code = annulation.run(options, self.stdout)
            if code:
                sys.exit(code)
            return
        path: Path = options["fichier"]
        if not path.is_file():
            raise CommandError(f"Le fichier {path} n'existe pas.", returncode=REFUSE)
        code = self._guarded(path, options)
        if code:
            sys.exit(code)

    def _guarded(self, path: Path, options: dict[str, Any]) -> int:
        """Check or import; a breakdown, wherever it comes from, has a sentence and a code of its own."""
        geste = options["geste"]
        try:
            return self._check(path, options) if geste == "check" else self._import(path, options)
        except CommandError:
            raise
        except Exception as error:
            logger.exception("dossier %s", geste)
            self.stderr.write(sentence(geste, error))
            return PANNE

    def _bar(self, share: float, step: str) -> None:
        if self.stderr.isatty():
            done = round(share * _LARGEUR)
            self.stderr.write(f"\r[{'█' * done}{'·' * (_LARGEUR - done)}] {share:4.0%} {step:<40}", ending="")

    def _check(self, path: Path, options: dict[str, Any]) -> int:
        slug = options["agence"] or _declared_agence(path)
        with (
            tempfile.TemporaryDirectory(prefix="palier-") as folder,
            check_dossier(path, slug, Path(folder), progress=self._bar) as controle,
        ):
            self._say("")
            self._show(controle.collecte)
            if options["csv"]:
                options["csv"].write_text(write_csv(controle.collecte), encoding="utf-8", newline="")
            if options["json"]:
                options["json"].write_text(write_json(controle), encoding="utf-8")
            if controle.refuse:
                return REFUSE
            return PARTIEL if controle.tenues or controle.collecte.total(Gravite.LIGNE) else TOUT

    def _show(self, collecte: Collecte) -> None:
        for groupe in collecte.groupes():
            self._say(f"{groupe.gravite.value:<9} {groupe.code} : {groupe.total}")
            for anomalie in groupe.exemples[:5]:
                place = ":".join(str(p) for p in (anomalie.table, anomalie.ligne, anomalie.colonne) if p)
                self._say(f"          {place} {anomalie.valeur} {anomalie.message} → {anomalie.conseil}")
        if not collecte.groupes():
            self._say("Aucune anomalie.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)

    def _import(self, path: Path, options: dict[str, Any]) -> int:
        agence = Agence.objects.filter(slug=options["agence"]).first()
        if agence is None:
            raise CommandError(f"L'agence « {options['agence']} » n'existe pas.", returncode=REFUSE)
        actor = Actor.system(agence.id, "commande dossier import")
        with acting_as(actor), writing("dossier import"):
            row = create_import(actor, path.name, depot="", octets=path.stat().st_size)
            if options["confirmer"]:
                row.confirme_par = UUID(int=0)
                row.save(update_fields=["confirme_par"])
        done = self._run(actor, row.id, path)
        try:
            self._report(actor, done)
        except Exception:  # whoever reads us has gone, or the base: what the import did is done
            logger.exception("dossier import: rapport")
            self.stderr.write(
                f"Import terminé ({EtatImport(done.etat).label}) ; son rapport n'a pas pu être écrit."
            )
        return _CODES[EtatImport(done.etat)]

    def _run(self, actor: Actor, import_id: UUID, path: Path) -> Import:
        """Run, and start again when the database comes back; return the import in its final state."""
        for essai in range(_ESSAIS):
            try:
                return run_import(actor, import_id, path, watch=self._bar) or self._read(actor, import_id)
            except (OperationalError, InterfaceError) as error:
                self._say(f"La base de données ne répond plus ; nouvel essai. ({type(error).__name__})")
                connections.close_all()
                time.sleep(2**essai)
            except Exception:
                # It may come after the last word of the import: then what it put on line is on line.
                with suppress(Exception):
                    row = self._read(actor, import_id)
                    if row.etat not in _INACHEVES:
                        logger.exception("dossier import: après la mise en ligne")
                        return row
                raise
        raise OperationalError("the database did not come back")

    def _read(self, actor: Actor, import_id: UUID) -> Import:
        with acting_as(actor):
            row: Import = Import.objects.visible_to(actor).get(agence_id=actor.agence_id, id=import_id)
            return row

    def _report(self, actor: Actor, row: Import) -> None:
        bilan = row.bilan
        self._say("")
        self._say(f"{EtatImport(row.etat).label}. {row.message}".strip())
        if "en_ligne" in bilan:
            self._say(
                f"{bilan['en_ligne']} lignes en ligne ({bilan['ajoutes']} ajoutées, {bilan['modifies']} modifiées, "
                f"{bilan['inchanges']} inchangées), {bilan['archives']} archivées, {bilan['a_corriger']} à corriger."
            )
        with acting_as(actor):
            rows = Anomalie.objects.visible_to(actor).filter(agence_id=row.agence_id, import_id=row.id)
            told = rows.exclude(gravite="INFO")
            for a in told.order_by("rang")[:_MONTREES]:
                place = ":".join(str(p) for p in (a.table, a.ligne, a.colonne) if p)
                self._say(f"{a.gravite:<9} {place} {a.valeur_masquee} {a.message} → {a.conseil}")
            if (kept := told.count()) > _MONTREES:
                self._say(
                    f"Les {_MONTREES} premières sur {kept} : le rapport, sur la page de l'import, donne la suite."
                )


def _declared_agence(path: Path) -> str:
    """The agence that a dossier names; a placeholder when it cannot be read: the check then says why."""
    try:
        with Conteneur(path) as conteneur:
            return conteneur.read_manifest().agence
    except DossierRefuse:
        return "-"
