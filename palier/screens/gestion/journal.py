"""``/g/<agence>/journal``: what was done at this agence, by whom; the chain is checked on demand."""

import csv
import io
from datetime import date
from typing import ClassVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core import journal
from palier.core.access import Gesture, may
from palier.core.cellules import neutralise
from palier.core.streaming import disposition
from palier.screens.gestion import mots
from palier.screens.gestion.base import Desk, uuid_or_none
from palier.screens.gestion.queries.base import Row, decode_key
from palier.screens.gestion.queries.journal import Filtre, export, lines

_NAMES = ("q", "geste", "role", "du", "au")
LONGUEST = 100  # characters of a search


def day(text: str) -> date | None:
    """Return the date that a field holds; None when it holds none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def asked(request: HttpRequest) -> Filtre:
    """Read the filters; one that is unknown is no filter."""
    geste, role = request.GET.get("geste", ""), request.GET.get("role", "")
    return Filtre(
        geste=geste if geste in mots.GESTES else "",
        role=role if role in mots.ROLES else "",
        du=day(request.GET.get("du", "")),
        au=day(request.GET.get("au", "")),
        q=request.GET.get("q", "").replace("\x00", "").strip()[:LONGUEST],
    )


class Journal(Desk):
    """The list, a page by key; ``?verifier=1`` reads the whole chain again."""

    access = Gesture.GESTION
    template: ClassVar[str] = "gestion/journal.html"
    titre = _("Journal")
    actif: ClassVar[str] = "journal"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        filtre = asked(request)
        found = lines(self.actor, filtre, decode_key(request.GET))
        kept = {name: request.GET[name] for name in _NAMES if request.GET.get(name)}
        address = self.url("journal")
        return self.render(
            lignes=found.rows,
            filtre=filtre,
            filtres_actifs=bool(kept),
            precedent=f"{address}?{urlencode({**kept, 'avant': found.precedent})}" if found.precedent else "",
            suivant=f"{address}?{urlencode({**kept, 'apres': found.suivant})}" if found.suivant else "",
            gestes=[("", _t("Tous les faits")), *sorted(mots.GESTES.items(), key=lambda item: str(item[1]))],
            roles=[("", _t("Tout le monde")), *mots.ROLES.items()],
            # Whoever is kept to a portfolio does not see every line: the chain would look broken to him.
            chaine=journal.verify(self.agence.id) if "verifier" in request.GET and self.entier else None,
            entier=self.entier,
            mots=mots,
            lien=self._link,
            export=f"{self.url('journal_csv')}?{urlencode(kept)}"
            if may(self.actor, Gesture.AGENCE_SETTINGS)
            else "",
        )

    @property
    def entier(self) -> bool:
        """Whether the whole journal is shown: the member follows the whole agence."""
        return self.actor.portefeuille is None

    def _link(self, row: Row) -> tuple[str, str] | None:
        """Return (words, address) of what a line is about, when the desk has a page for it."""
        if row.acces_id:
            return _t("la fiche de la personne"), self.url("personne", acces=row.acces_id)
        kind, _sep, text = row.objet.partition(":")
        found = uuid_or_none(text)
        if found and kind == "document":
            return _t("le document"), self.url("document", document=found)
        if found and kind == "import":
            return _t("l’import"), self.url("import", import_id=found)
        return None


class JournalCsv(Desk):
    """The lines that the filters find, as a spreadsheet: no text of them runs as a formula."""

    access = Gesture.AGENCE_SETTINGS

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        text = io.StringIO()
        sheet = csv.writer(text, delimiter=";")
        sheet.writerow([_t("Date"), _t("Fait"), _t("Par"), _t("Sur"), _t("Accès"), _t("Détail")])
        for row in export(self.actor, asked(request)):
            cells = (row.le.isoformat(), mots.geste(row.gesture, row.detail), mots.auteur(row), row.objet, row.acces_id or "",
                     mots.facts(row.detail))  # fmt: skip
            sheet.writerow([neutralise(str(cell)) for cell in cells])
        headers = {"Content-Disposition": disposition(f"journal-{self.agence.slug}.csv")}
        return HttpResponse(
            "\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers
        )
