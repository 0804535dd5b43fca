"""Second step: what each column is, chosen from a list; suggestions come with their reason."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t

from palier.core.access import Gesture
from palier.echanges.connecteurs.champs import CHAMPS, natures
from palier.echanges.connecteurs.lecture import look
from palier.echanges.connecteurs.modele import connecteurs
from palier.echanges.connecteurs.suggestions import Suggestion, known_names, suggest
from palier.echanges.profils import ProfilRefuse
from palier.echanges.schemas import schemas
from palier.screens.gestion.connecteurs.base import PageFichier, explained

VUES = 200
EXEMPLES = 3
_ECRIRE = ({"mouvements.debit", "mouvements.credit"}, {"mouvements.montant"})


class Colonnes(PageFichier):
    """Each column of the file, three of its values, and a list to choose from."""

    access = Gesture.CONNECTEUR_CALIBRATE
    template: ClassVar[str] = "gestion/connecteurs/colonnes.html"

    def prepare(self) -> None:
        super().prepare()
        self.page.titre = _t("Associer les colonnes de %(nom)s") % {"nom": self.fichier.nom}

    def get(self, request: HttpRequest, agence: str, calibrage: UUID, rang: int) -> HttpResponse:
        if not self.fichier.colonnes or self.fichier.nature not in natures():
            return self.step("lecture")
        return self._show(self.fichier.champs or None)

    def post(self, request: HttpRequest, agence: str, calibrage: UUID, rang: int) -> HttpResponse:
        f = self.fichier
        if not f.colonnes or f.nature not in natures():
            return self.step("lecture")
        nature = natures()[f.nature]
        chosen = {i: request.POST.get(f"c{i}", "") for i in range(len(f.colonnes))}
        champs = {i: cle for i, cle in chosen.items() if cle in nature.champs}
        lacking = [str(CHAMPS[c].libelle) for c in nature.requis if c not in champs.values()]
        if f.nature == "ecritures" and not any(needed <= set(champs.values()) for needed in _ECRIRE):
            lacking.append(_t("Débit et Crédit, ou Montant"))
        if lacking:
            message = _t("Il manque : %(champs)s. Associez une colonne à chacun.") % {
                "champs": ", ".join(lacking)
            }
            return self._show(champs, 422, message)
        f.champs = champs
        f.etape = "reglages"
        self.keep()
        return self.step("reglages")

    def _show(self, champs: dict[int, str] | None, status: int = 200, faute: str = "") -> HttpResponse:
        f, nature = self.fichier, natures()[self.fichier.nature]
        values: list[list[str]] = [[] for _c in f.colonnes]
        try:
            with self.chantier() as chantier:
                for _n, cells in look(chantier.piece(f).chemin, f.nom, f.lecture, VUES):
                    for i in range(len(f.colonnes)):
                        values[i].append(cells[i] if i < len(cells) else "")
        except ProfilRefuse as refus:
            faute = faute or explained(refus)
        proposed = suggest(
            connecteurs()[self.plan.connecteur], nature, f.colonnes, values, known_names(self.actor, values)
        )
        rows = [_row(i, t, values[i], proposed[i], champs) for i, t in enumerate(f.colonnes)]
        return self.render(
            status, rangees=rows, groupes=_groups(nature.champs), faute=faute,
            requis=[str(CHAMPS[c].libelle) for c in nature.requis], nature=nature,
            trouvees=sum(1 for s in proposed if s.cle),
        )  # fmt: skip


def _row(
    rank: int, title: str, values: Sequence[str], proposed: Suggestion, champs: dict[int, str] | None
) -> dict[str, Any]:
    shown = list(dict.fromkeys(v for v in values if v))[:EXEMPLES]
    return {
        "rang": rank,
        "titre": title,
        "exemples": [v[:40] for v in shown],
        "choisi": proposed.cle if champs is None else champs.get(rank, ""),
        "propose": proposed,
    }


def _groups(cles: Sequence[str]) -> list[tuple[str, list[tuple[str, Any]]]]:
    """The fields offered, by table, under the titles of the format."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for cle in cles:
        found.setdefault(CHAMPS[cle].table, []).append((cle, CHAMPS[cle].libelle))
    return [(schemas()[t].titre.capitalize() if t in schemas() else t, fields) for t, fields in found.items()]
