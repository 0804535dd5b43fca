"""One look into a watched folder: give back what has ended, take what came. Killed anywhere, the next look finishes.

The order of the steps is what makes it safe. Taking: rename (the file is ours), then one transaction (row, kept copy,
job). Giving back: reports, then the mark, then the original goes, then the row says so. Each step can be done twice.
"""

from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from palier.agences.enums import StatutAgence
from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.echanges.annonce import announced_rank
from palier.echanges.calendrier.models import Flux
from palier.echanges.enums import EtatImport
from palier.echanges.models import Anomalie, Import
from palier.echanges.rules.arrivees import in_order, is_sound
from palier.echanges.surveillance.actions import mark_returned, note_look, receive_arrival
from palier.echanges.surveillance.depot import Depot, DossierInutilisable, Occupe, Pris, opened
from palier.echanges.surveillance.models import Arrivee
from palier.echanges.surveillance.rendu import mark_of, report_csv, report_json, sentence

RAISON = "dossier surveillé"
_EN_CHEMIN = (EtatImport.RECU, EtatImport.EN_COURS)
#: Names of left-aside files that a sentence shows.
_MONTRES = 3


def look_everywhere() -> int:
    """Look into every watched folder of every agence under contract; return how many were looked into."""
    if settings.DEPOTS_DIR is None:
        return 0
    looked = 0
    for agence in Agence.objects.filter(statut=StatutAgence.ACTIVE).order_by("slug"):
        actor = Actor.system(agence.id, RAISON)
        with acting_as(actor):
            watched = list(
                Flux.objects.visible_to(actor).filter(agence_id=agence.id).exclude(dossier="").order_by("id")
            )
        for flux in watched:
            look(actor, agence.slug, flux)
            looked += 1
    return looked


def look(actor: Actor, slug: str, flux: Flux) -> None:
    """Look into one folder."""
    if settings.DEPOTS_DIR is None:
        return
    with translation.override("fr"):
        try:
            with opened(settings.DEPOTS_DIR, slug, flux.dossier) as depot:
                probleme = _Passage(actor, flux, depot).run()
        except Occupe:
            return
        except DossierInutilisable as unusable:
            probleme = str(unusable)
        with acting_as(actor):
            note_look(actor, flux, probleme)


class _Passage:
    def __init__(self, actor: Actor, flux: Flux, depot: Depot) -> None:
        self.actor, self.flux, self.depot = actor, flux, depot
        self.present: dict[UUID, Pris] = {}

    def run(self) -> str:
        """Do everything that can be done now; return what is wrong, "" when nothing is."""
        self.depot.clean()
        self.present = {pris.id: pris for pris in self.depot.taken()}
        self._give_back()
        ready, refused = self.depot.arrivals()
        for name in ready:
            pris = self.depot.claim(name)
            if pris is not None:
                self.present[pris.id] = pris
        refused |= self._receive(self._unknown())
        return self._tell(refused)

    def _unknown(self) -> list[Pris]:
        """What was taken and is no import yet."""
        with acting_as(self.actor):
            rows = Arrivee.objects.visible_to(self.actor).filter(
                agence_id=self.actor.agence_id, id__in=list(self.present)
            )
            known = set(rows.values_list("id", flat=True))
        return sorted((p for p in self.present.values() if p.id not in known), key=lambda p: (p.le, p.nom))

    def _receive(self, waiting: list[Pris]) -> dict[str, str]:
        """Queue the imports, the dossiers of one source by sequence; return what was not a plain file."""
        refused: dict[str, str] = {}
        ranked = []
        for pris in waiting:
            rank = None
            if len(waiting) > 1:
                try:
                    with self.depot.private_copy(pris) as copy:
                        rank = announced_rank(copy[0]) if copy else None
                except ValueError:
                    pass  # told below
            ranked.append((pris, rank))
        for pris in in_order(ranked):
            try:
                self._receive_one(pris)
            except ValueError as reason:
                self.depot.reject(pris)
                refused[pris.nom] = str(reason)
        return refused

    def _receive_one(self, pris: Pris) -> None:
        with self.depot.private_copy(pris) as copy:
            if copy is None:
                return  # somebody still writes into it: the next look
            content, digest, size = copy
            with acting_as(self.actor):
                receive_arrival(self.actor, self.flux, pris.id, pris.nom, content, digest, size)

    def _give_back(self) -> None:
        """Write the report of every import that has ended, and let its original go."""
        with acting_as(self.actor):
            rows = Arrivee.objects.visible_to(self.actor).filter(
                agence_id=self.actor.agence_id, flux_id=self.flux.id, rendu_le__isnull=True
            )
            waiting = list(rows.order_by("arrive_le", "id"))
            imports = {
                row.id: row
                for row in Import.objects.visible_to(self.actor).filter(
                    agence_id=self.actor.agence_id, id__in=[row.import_id for row in waiting]
                )
            }
        for arrivee in waiting:
            row = imports.get(arrivee.import_id)
            if row is not None and row.etat not in _EN_CHEMIN:
                self._give_one(arrivee, row)

    def _give_one(self, arrivee: Arrivee, row: Import) -> None:
        with acting_as(self.actor):
            found = Anomalie.objects.visible_to(self.actor).filter(
                agence_id=self.actor.agence_id, import_id=row.id
            )
            anomalies = list(found.order_by("rang"))
        mark = mark_of(row)
        self.depot.write(f"{arrivee.nom}.rapport.csv", report_csv(anomalies, row.bilan))
        self.depot.write(f"{arrivee.nom}.rapport.json", report_json(row, anomalies, arrivee.nom))
        self.depot.forget_marks(arrivee.nom, mark)
        self.depot.write(arrivee.nom + mark, sentence(row).encode())
        if row.etat == EtatImport.A_CONFIRMER:
            return
        pris = self.present.pop(arrivee.id, None)
        if pris is not None:
            self.depot.put_away(pris)
        with acting_as(self.actor):
            mark_returned(self.actor, arrivee.id, row)

    def _tell(self, refused: dict[str, str]) -> str:
        """Tell the sender, by a mark, why each thing is left aside; return the sentence for the agence."""
        for name, reason in refused.items():
            if is_sound(name):
                text = _("« %(nom)s » n’est pas pris : %(motif)s.") % {"nom": name, "motif": reason}
                self.depot.write(f"{name}.erreur", f"{text}\n".encode())
        if not refused:
            return ""
        shown = [f"{_shown(name)} ({reason})" for name, reason in list(refused.items())[:_MONTRES]]
        if len(refused) > _MONTRES:
            shown.append("…")
        return _("Laissé de côté dans le dossier d’arrivée : %(liste)s.") % {"liste": ", ".join(shown)}


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name.encode(errors="replace").decode())[:60]
