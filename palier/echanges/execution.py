"""Runs one import from its file to its report.

Everything is checked and prepared outside any transaction; then one transaction writes the rows, the droits, the
report and the journal. Killed anywhere, what was on line stays whole, and the next run starts from the beginning.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from palier.core import journal
from palier.core.access import Gesture, require
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import now, today
from palier.core.tenancy import acting_as
from palier.core.vault import AgenceKey
from palier.echanges import etapes
from palier.echanges.anomalies import DossierRefuse
from palier.echanges.bilan import anomaly_rows, build_bilan
from palier.echanges.chargement.appliquer import (
    Frein,
    Resultat,
    apply,
    prepare,
    tables_whole,
    unchanged_tables,
    units_waiting,
)
from palier.echanges.chargement.base import Portee
from palier.echanges.chargement.connus import EnLigne
from palier.echanges.chargement.fichiers import deposit_files, stored_files
from palier.echanges.chargement.identifiants import source_id
from palier.echanges.chargement.statistiques import refresh_statistics
from palier.echanges.codes import Gravite
from palier.echanges.connecteurs.nuit import Conversion, close_refused, convert_export
from palier.echanges.conteneur import Conteneur
from palier.echanges.controle import Controle, Progress, check_dossier
from palier.echanges.cycle import (
    announce_end,
    begin,
    claim,
    close_cancelled,
    fail,
    fetch,
    forget_deposit,
    last_safe_point,
    make_workdir,
)
from palier.echanges.enums import EtatImport, Voie
from palier.echanges.fraicheur import find_again, move_dates
from palier.echanges.historique.annonces import announce
from palier.echanges.historique.models import Annulation
from palier.echanges.manifeste import Manifeste, judge_manifest
from palier.echanges.models import Anomalie, Import, Source
from palier.echanges.profils.constats import ProfilRefuse
from palier.echanges.suivi import ImportAnnule, Suivi, exclusive, lost_base
from palier.ged.actions import queue_analysis
from palier.retours.constat import note_applied

_APPLIQUES = (EtatImport.APPLIQUE, EtatImport.PARTIEL)


class Execution:
    """One run of one import, for one agence."""

    def __init__(
        self,
        actor: Actor,
        row: Import,
        slug: str,
        key: AgenceKey,
        workdir: Path,
        watch: Progress | None,
        check_only: bool = False,
    ) -> None:
        self.check_only = check_only
        self.actor, self.row, self.slug, self.key, self.workdir = actor, row, slug, key, workdir
        self.agence = actor.agence_id
        self.suivi = Suivi(self.agence, row.id, watch)
        self.confirmed = row.confirme_par is not None
        self.conversion: Conversion | None = None

    def run(self, path: Path) -> Import:
        """Check the file and put it on line; return the import in its final state."""
        manifeste = self._manifest(path)
        if manifeste is not None and not self.check_only:
            known = self._displaced(manifeste) or self._recall(path, manifeste)
            if known is not None:
                return known
        with check_dossier(path, self.slug, self.workdir, None if manifeste is None else self._known(manifeste),
                           lambda share, step: self.suivi(0.5 * share, step), today=today()) as controle:  # fmt: skip
            if controle.refuse or controle.manifeste is None:
                return self._finish(controle, EtatImport.REFUSE, message=_refusal(controle))
            if self.check_only:
                return self._finish(controle, EtatImport.VERIFIE)
            return self._load(controle, controle.manifeste)

    def _manifest(self, path: Path) -> Manifeste | None:
        """The manifest of a dossier for this agence, else None: the full check says what is wrong."""
        try:
            with Conteneur(path) as conteneur:
                manifeste = conteneur.read_manifest()
            judge_manifest(manifeste, self.slug, today())
        except DossierRefuse:
            return None
        return manifeste

    def _source(self, manifeste: Manifeste) -> UUID:
        return source_id(self.key.salt, manifeste.logiciel, manifeste.base)

    def _known(self, manifeste: Manifeste) -> EnLigne:
        return EnLigne(manifeste, self.actor, self.key)

    def _displaced(self, manifeste: Manifeste) -> Import | None:
        """End an import that was cut off when its source has sent a later one meanwhile, that is on line."""
        if not claim(self.actor, self.row, self._source(manifeste)):
            return None
        with acting_as(self.actor):
            row = self.row
            row.empreinte, row.arrete_au, row.etat = (
                manifeste.empreinte,
                manifeste.arrete_au,
                EtatImport.PERIME,
            )
            row.message = _(
                "Cet import a été interrompu, et un envoi plus récent de la même source est en ligne depuis."
            )
            self._close()
            return row

    def _recall(self, path: Path, manifeste: Manifeste) -> Import | None:
        """End at once an import that is on line already, or older than what is on line."""
        with acting_as(self.actor):
            source = (
                Source.objects.visible_to(self.actor)
                .filter(agence_id=self.agence, id=self._source(manifeste))
                .first()
            )
            if source is None or source.arrete_au is None or source.remplacee_par is not None:
                return None
            last = self._whole(source, manifeste)
        late = manifeste.arrete_au < source.arrete_au and not (last is not None and manifeste.is_delta)
        # The digests of dossier.json are believed once the tables were read; the full check says what is wrong.
        if not late and (last is None or not self._holds(path, manifeste)):
            return None
        with acting_as(self.actor):
            row = self.row
            row.source_id, row.empreinte, row.arrete_au = source.id, manifeste.empreinte, manifeste.arrete_au
            if late or last is None:
                row.etat = EtatImport.PERIME
                row.message = _(
                    "Ce dossier est arrêté au %(recu)s ; les données en ligne le sont au %(en_ligne)s."
                ) % {
                    "recu": manifeste.arrete_au.strftime("%d/%m/%Y"),
                    "en_ligne": source.arrete_au.strftime("%d/%m/%Y"),
                }
            else:
                row.etat = EtatImport.DEJA_APPLIQUE
                row.message = _("Ce contenu est déjà en ligne : rien n’a changé depuis le dernier import.")
                row.bilan = _unchanged(last)
                source.arrete_au, source.importe_le = max(manifeste.arrete_au, source.arrete_au), now()
                source.save(update_fields=["arrete_au", "importe_le"])
                find_again(self.actor, source.id, last.id, source.arrete_au)
            self._close()
            return row

    def _whole(self, source: Source, manifeste: Manifeste) -> Import | None:
        """The import that put this very content on line, all of it, and that still stands.

        Of one that left lines aside nothing is taken for granted: sent again, it is checked and loaded again.
        """
        applied = Import.objects.visible_to(self.actor).filter(
            agence_id=self.agence, source_id=source.id, etat__in=_APPLIQUES
        )
        if manifeste.is_delta:  # sent again later, it is on line already: others may have followed
            applied = applied.filter(empreinte=manifeste.empreinte)
        last = applied.order_by("-fin_le").first()
        if last is None or last.etat != EtatImport.APPLIQUE or last.empreinte != manifeste.empreinte:
            return None
        return None if self._undone(last) else last

    def _holds(self, path: Path, manifeste: Manifeste) -> bool:
        with Conteneur(path) as conteneur:
            return conteneur.holds_tables(manifeste)

    def _undone(self, last: Import) -> bool:
        """Whether something of the source was taken back since: what is on line is no longer that content."""
        rows = Annulation.objects.visible_to(self.actor).filter(
            agence_id=self.agence, source_id=last.source_id, etat="faite", fin_le__gte=last.fin_le
        )
        return rows.exists()

    def _load(self, controle: Controle, manifeste: Manifeste) -> Import:
        source = self._source(manifeste)
        with acting_as(self.actor):
            stored = stored_files(self.agence)
            before = Source.objects.visible_to(self.actor).filter(agence_id=self.agence, id=source).first()
        files = deposit_files(controle, self.key, stored, lambda s: self.suivi(0.5 + 0.1 * s, etapes.DEPOT))
        self.suivi(0.6, etapes.PREPARATION)
        same = unchanged_tables(controle, before.fichiers if before else {})
        chargement = prepare(
            controle, self.workdir, self.key, source, self.row.id, same, files, self._origins(controle)
        )
        try:
            with acting_as(self.actor):
                self._lock_source(source, manifeste)
                resultat = apply(
                    chargement, confirmed=self.confirmed, progress=lambda s, e: self.suivi(0.6 + 0.4 * s, e)
                )
                self._stamp(source, manifeste, controle, chargement.portee)
                note_applied(self.agence, self.row.id)
                # The first import of a source is no news; nor is one that follows the rollback of the first.
                if before is not None and before.importe_le is not None:
                    announce(self.actor, self.row.id)
                row = self._finish(controle, _state(controle), resultat=resultat, source=source)
            refresh_statistics(resultat.tables, len(resultat.fichiers), resultat.droits_ouverts)
            return row
        except Frein as frein:
            message = "\n".join(a.message for a in frein.alertes)
            return self._finish(controle, EtatImport.A_CONFIRMER, message=message)

    def _origins(self, controle: Controle) -> frozenset[str]:
        """Name the files that each line came from, when a profile converted them; return the tables concerned."""
        if self.conversion is None:
            return frozenset()
        self.row.origines = self.conversion.load_origins(controle.con, controle.tables)
        return frozenset(t for t in controle.tables if (self.conversion.provenance / f"{t}.csv").is_file())

    def _lock_source(self, source: UUID, manifeste: Manifeste) -> None:
        rows = Source.objects.visible_to(self.actor)
        rows.get_or_create(
            agence_id=self.agence,
            id=source,
            defaults={"logiciel": manifeste.logiciel, "base": manifeste.base},
        )
        rows.select_for_update().get(agence_id=self.agence, id=source)

    def _stamp(self, source: UUID, manifeste: Manifeste, controle: Controle, portee: Portee) -> None:
        """The freshness of what is on line, and the digests of the tables that went live whole."""
        row = Source.objects.visible_to(self.actor).get(agence_id=self.agence, id=source)
        move_dates(self.actor, self.row, row, manifeste, portee)
        given = {f.table for f in manifeste.fichiers}
        # After a delta no file says any more what a table holds.
        kept = {} if manifeste.is_delta else {t: s for t, s in row.fichiers.items() if t not in given}
        row.fichiers = kept | tables_whole(controle)
        row.en_attente = units_waiting(controle, row.en_attente)
        row.arrete_au, row.sequence, row.importe_le = manifeste.arrete_au, manifeste.sequence, now()
        row.save(update_fields=["fichiers", "en_attente", "arrete_au", "sequence", "importe_le"])

    def _finish(
        self,
        controle: Controle,
        etat: EtatImport,
        *,
        message: str = "",
        resultat: Resultat | None = None,
        source: UUID | None = None,
    ) -> Import:
        """Write the report, then the state, then the journal: the last statements of the transaction."""
        with acting_as(self.actor):
            row = self.row
            Anomalie.objects.visible_to(self.actor).filter(agence_id=self.agence, import_id=row.id).delete()
            rows = anomaly_rows(controle, self.agence, row.id)
            row.etat, row.message, row.bilan = etat, message, build_bilan(controle, resultat)
            if self.conversion is not None:
                self.conversion.relocate(rows)
                self.conversion.report(self.agence, row.id, rows, row.bilan)
                row.bilan["conversion"] = self.conversion.resume
            Anomalie.objects.visible_to(self.actor).bulk_create(rows, batch_size=500)
            row.source_id = source or row.source_id
            if controle.manifeste is not None:
                row.empreinte, row.arrete_au = controle.empreinte, controle.manifeste.arrete_au
            self._close()
            return row

    def _close(self) -> None:
        row = self.row
        last_safe_point(self.actor, row)
        row.progres, row.etape, row.fin_le = 1.0, "", now()
        row.save()
        if row.etat != EtatImport.A_CONFIRMER:
            forget_deposit(self.actor, row)
        if row.etat in _APPLIQUES and row.bilan.get("fichiers_recus"):
            queue_analysis(self.agence)
        counts = {k: row.bilan.get(k) for k in ("en_ligne", "a_corriger", "ajoutes", "modifies", "archives")}
        journal.record(
            self.actor, Gesture.IMPORT_RUN, f"import:{row.id}", agence_id=self.agence, etat=str(row.etat),
            **{k: v for k, v in counts.items() if v is not None},
        )  # fmt: skip
        announce_end(self.agence, row.id)


def _unchanged(last: Import) -> dict[str, Any]:
    """The report of the import that put this very content on line: nothing more was written."""
    nothing = {
        "ajoutes": 0,
        "modifies": 0,
        "archives": 0,
        "fichiers_recus": 0,
        "droits_ouverts": 0,
        "droits_fermes": 0,
    }
    same = {"inchanges": last.bilan.get("en_ligne", 0), "premier_import": str(last.id)}
    return {**last.bilan, **nothing, **same}


def _state(controle: Controle) -> EtatImport:
    partial = controle.tenues or controle.collecte.total(Gravite.LIGNE)
    return EtatImport.PARTIEL if partial else EtatImport.APPLIQUE


def _refusal(controle: Controle) -> str:
    first = next((a for a in controle.anomalies if a.gravite is Gravite.BLOQUANT), None)
    return f"{first.message} {first.conseil}" if first else ""


def _spoken_for(row: Import, key: AgenceKey) -> Callable[[str, str], bool]:
    """What a key may send: exports of its own source."""
    return lambda logiciel, base: source_id(key.salt, logiciel, base) == row.source_id


def run_import(
    actor: Actor,
    import_id: UUID,
    path: Path | None = None,
    watch: Progress | None = None,
    *,
    check_only: bool = False,
) -> Import | None:
    """Run an import received; ``path`` is its file, else its kept copy. Returns None when it had ended already.

    ``check_only`` writes the report and nothing else.

    ``watch`` is told each step besides what is written for the screens.

    Raises OperationalError or InterfaceError when the database goes away (run it again); on any other failure the
    import is closed with a message and the error goes on. What was on line is untouched in every case.
    """
    require(actor, Gesture.IMPORT_RUN)
    with writing("run_import"), exclusive(actor.agence_id):
        begun = begin(actor, import_id)
        if begun is None:
            return None
        row, slug, key = begun
        workdir = make_workdir(actor.agence_id)
        try:
            received = path or fetch(key, row, workdir)
            execution = Execution(actor, row, slug, key, workdir, watch, check_only)
            only = _spoken_for(row, key) if row.voie == Voie.API else None
            execution.conversion = convert_export(actor, slug, received, row.nom_fichier, workdir, only)
            return execution.run(execution.conversion.path if execution.conversion else received)
        except ProfilRefuse as refus:
            return close_refused(actor, row, refus)
        except (OperationalError, InterfaceError):
            raise
        except ImportAnnule:
            return close_cancelled(actor, import_id)
        except Exception as error:
            if lost_base(error):
                # COPY speaks to the driver directly: its errors are not yet those that the queue tries again after.
                raise OperationalError(str(error)) from error
            fail(actor, import_id)
            raise
        finally:
            shutil.rmtree(workdir, ignore_errors=True)
