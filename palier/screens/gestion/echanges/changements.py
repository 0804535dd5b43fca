"""``/g/<agence>/imports/<import>/changements``: what an import added, changed and took away, down to the rows."""

import csv
import io
import json
from dataclasses import asdict
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t

from palier.core.access import Gesture
from palier.core.cellules import neutralise
from palier.core.errors import Invisible
from palier.core.streaming import disposition
from palier.echanges.historique.enums import Operation
from palier.echanges.historique.queries import Compte, changed_rows, changes
from palier.echanges.schemas import schemas
from palier.screens.gestion.base import uuid_or_none
from palier.screens.gestion.imports import ImportBase

#: Lines of the table shown at once; the downloads hold them all.
MONTRES = 200
MESURES = (Operation.AJOUTE, Operation.MODIFIE, Operation.ARCHIVE)
MOTS = {"ajoutes": "ajoute", "modifies": "modifie", "archives": "archive"}
COLONNES = ("table", "titre", "unite", "ajoutees", "modifiees", "inchangees", "retirees", "annulee")


def as_line(count: Compte) -> dict[str, Any]:
    """A count under the names of the downloads."""
    return {
        "table": count.table, "titre": count.titre, "unite": count.unite_nom, "ajoutees": count.ajoutes,
        "modifiees": count.modifies, "inchangees": count.inchanges, "retirees": count.archives,
        "annulee": count.annulee,
    }  # fmt: skip


class ChangementsBase(ImportBase):
    """A page about what one import changed."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "flux"

    @property
    def import_id(self) -> UUID:
        """The import that the address names."""
        found: UUID = self.importation.id
        return found


class Changements(ChangementsBase):
    """By table and unit. ``table`` and ``unite`` in the address narrow."""

    access = Gesture.IMPORT_READ
    template: ClassVar[str] = "gestion/echanges/changements.html"

    def get(self, request: HttpRequest, agence: str, import_id: UUID) -> HttpResponse:
        self.page.titre = _t("Ce que « %(nom)s » a changé") % {"nom": self.importation.nom_fichier}
        found = changes(self.actor, self.import_id)
        table, unite = request.GET.get("table", ""), uuid_or_none(request.GET.get("unite", ""))
        shown = [c for c in found if table in ("", c.table) and unite in (None, c.unite_id)]
        tables = {c.table: c.titre for c in found}
        units = {str(c.unite_id): c.unite_nom for c in found}
        return self.render(
            importation=self.importation,
            lignes=shown[:MONTRES],
            reste=max(len(shown) - MONTRES, 0),
            total=found,
            table=table,
            unite=str(unite or ""),
            tables=[("", _t("Toutes les tables")), *tables.items()],
            unites=[("", _t("Toutes les unités")), *sorted(units.items(), key=lambda u: u[1])],
        )


class LignesChangees(ChangementsBase):
    """The rows behind a count, a page at a time."""

    access = Gesture.IMPORT_READ
    template: ClassVar[str] = "gestion/echanges/lignes_changees.html"

    def get(
        self, request: HttpRequest, agence: str, import_id: UUID, table: str, operation: str
    ) -> HttpResponse:
        unite = uuid_or_none(request.GET.get("unite", ""))
        wanted = request.GET.get("page", "1")
        page = min(int(wanted), 10_000) if wanted.isdecimal() and len(wanted) < 6 else 1
        found = changed_rows(self.actor, self.import_id, table, unite, operation, max(page, 1))
        titre = schemas()[table].titre
        self.page.titre = {
            "ajoute": _t("%(table)s : lignes ajoutées"),
            "modifie": _t("%(table)s : lignes modifiées"),
            "archive": _t("%(table)s : lignes retirées"),
        }[operation] % {"table": titre}
        address = self.url("lignes_changees", import_id=import_id, table=table, operation=operation)
        kept = {"unite": str(unite)} if unite else {}
        before, after = found.page - 1, found.page + 1
        return self.render(
            importation=self.importation,
            table=table,
            operation=operation,
            tranche=found,
            precedent=f"{address}?{urlencode({**kept, 'page': before})}" if before else "",
            suivant=f"{address}?{urlencode({**kept, 'page': after})}" if found.suivante else "",
        )


class ChangementsFichier(ChangementsBase):
    """The counts to take away: ``csv`` for a spreadsheet, ``json`` for a machine."""

    access = Gesture.IMPORT_READ

    def get(self, request: HttpRequest, agence: str, import_id: UUID, forme: str) -> HttpResponse:
        if forme not in {"csv", "json"}:
            raise Invisible
        found = changes(self.actor, self.import_id)
        headers = {"Content-Disposition": disposition(f"changements-{import_id}.{forme}")}
        if forme == "json":
            rows = [{k: str(v) if k == "unite_id" else v for k, v in asdict(c).items()} for c in found]
            content = {
                "import": str(import_id),
                "fichier": self.importation.nom_fichier,
                "changements": rows,
            }
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            return HttpResponse(text, content_type="application/json; charset=utf-8", headers=headers)
        out = io.StringIO()
        writer = csv.DictWriter(out, COLONNES, delimiter=";", lineterminator="\r\n")
        writer.writeheader()
        for count in found:
            line = {**as_line(count), "annulee": "oui" if count.annulee else "non"}
            writer.writerow({name: neutralise(str(value)) for name, value in line.items()})
        return HttpResponse(
            "\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers
        )
