"""``/g/<agence>/flux/lignes``: find a row by its reference or its name, and see all that it has been."""

from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.agences.actions import record_reading
from palier.core.access import Gesture
from palier.core.actor import STAFF
from palier.echanges.chargement.tables import CIBLES
from palier.echanges.historique.jugement import GARDE_JOURS
from palier.echanges.historique.lignes import Etat, compare, read_history
from palier.echanges.historique.mots import label
from palier.echanges.schemas import schemas
from palier.screens.gestion.base import Desk, uuid_or_none
from palier.screens.gestion.queries.echanges import find_rows

LONGUEST = 100  # characters of a search
LECTURES = 4  # persons in whose journal the opening of one row is written, at most


class Lignes(Desk):
    """The search."""

    access = Gesture.IMPORT_READ
    template: ClassVar[str] = "gestion/echanges/lignes.html"
    titre = _("Chercher une ligne")
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        q = request.GET.get("q", "").replace("\x00", "").strip()[:LONGUEST]
        table = request.GET.get("table", "")
        table = table if table in CIBLES else ""
        found = find_rows(self.actor, q, table) if q else []
        return self.render(
            q=q,
            table=table,
            lignes=found,
            titre_de=lambda name: schemas()[name].titre,
            tables=[("", _t("Toutes les tables")), *((name, schemas()[name].titre) for name in CIBLES)],
        )


def chosen(states: tuple[Etat, ...], query: dict[str, str]) -> tuple[int, int]:
    """Return which two states the address asks for, as ranks from 0; the last two when it asks nothing that is known.

    ``avant`` and ``apres`` are ranks from 1, ``avant`` 0 for « not there yet »; ``import`` is what that import did.
    """
    last = len(states) - 1
    before, after = query.get("avant", ""), query.get("apres", "")
    if (
        before.isdecimal()
        and after.isdecimal()
        and len(before + after) < 8
        and int(before) <= last + 1
        and 0 < int(after) <= last + 1
    ):
        return int(before) - 1, int(after) - 1
    wanted = uuid_or_none(query.get("import", ""))
    rank = next((n for n, s in enumerate(states) if wanted and s.import_id == wanted), last)
    return rank - 1, rank


class Ligne(Desk):
    """The history of a row: each state with its origin, and two of them side by side."""

    access = Gesture.IMPORT_READ
    template: ClassVar[str] = "gestion/echanges/ligne.html"
    actif: ClassVar[str] = "flux"

    def get(self, request: HttpRequest, agence: str, table: str, ligne: UUID) -> HttpResponse:
        history = read_history(self.actor, table, ligne)
        states = history.etats
        if self.actor.role in STAFF:  # the support's pages are written down at its door
            for acces_id in history.acces[:LECTURES]:
                record_reading(self.actor, acces_id)
        present = states[-1]
        schema = schemas()[table]
        self.page.titre = f"{schema.titre} : {label(present.valeurs)}"
        before, after = chosen(states, request.GET.dict())
        differences = compare(
            table, history.references, states[before] if before >= 0 else None, states[after]
        )
        options = [(n + 1, self._words(n, s)) for n, s in enumerate(states)]
        return self.render(
            table=table,
            schema=schema,
            present=present,
            reference=present.valeurs.get("reference", ""),
            etats=list(enumerate(states, 1))[::-1],
            avant=before + 1,
            apres=after + 1,
            choix_avant=[(0, _t("Avant son arrivée")), *options],
            choix_apres=options,
            changees=[d for d in differences if d.change],
            autres=[d for d in differences if not d.change],
            garde=GARDE_JOURS,
            personnes=history.acces,
        )

    def _words(self, rank: int, etat: Etat) -> str:
        """How a list names a state: its number, its file, its day."""
        from palier.core.dates import date_courte

        parts = [
            _t("n° %(n)d") % {"n": rank + 1},
            etat.dossier or _t("envoi inconnu"),
            date_courte(etat.importe_le) if etat.importe_le else "",
            _t("retirée") if etat.archivee else "",
        ]
        return ", ".join(part for part in parts if part)
