"""Third step: how values are read (dates, amounts), what they stand for, and what the file does not say."""

from collections.abc import Sequence
from itertools import islice
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.echanges.connecteurs.champs import CHAMPS, Nature, accepted, natures
from palier.echanges.connecteurs.glossaire import key
from palier.echanges.connecteurs.lecture import body
from palier.echanges.connecteurs.plan import Reglages
from palier.echanges.connecteurs.valeurs import DATES, DATES_MOTS, date_format
from palier.echanges.profils import ProfilRefuse
from palier.ged.enums import Categorie
from palier.screens.gestion.connecteurs.base import PageFichier, explained, whole

LUES = 200_000
#: More different values than this is no list of codes.
DISTINCTES = 60
ROLES = (("coproprietaire", _("copropriétaire")), ("locataire", _("locataire")), ("bailleur", _("bailleur")))
_COMPTES = {"comptes", "coproprietaires", "bailleurs", "locataires"}
#: Usual beginnings of account numbers; nothing is public for landlords, so nothing is proposed.
PREFIXES = {"coproprietaire": "450", "locataire": "411, L", "bailleur": ""}
MOTS: dict[str, str] = {
    "coproprietaire": "coproprietaire|copro|cop|c|syndic",
    "locataire": "locataire|loc|l",
    "bailleur": "bailleur|proprietaire|mandant|b|p",
    "prelevement": "prelevement|prlv|prel|pvt|sepa",
    "virement": "virement|vir|vrt",
    "cheque": "cheque|chq|ch|chk",
    "cb": "cb|carte|carte bancaire",
    "autre": "autre|aut|especes|esp",
    "debit": "d|debit|deb|1",
    "credit": "c|credit|cre",
    "titulaire": "titulaire|principal|t|1",
    "cotitulaire": "cotitulaire|co titulaire|conjoint|colocataire",
    "indivisaire": "indivisaire|indivision",
    "usufruitier": "usufruitier|usufruit",
    "nu_proprietaire": "nu proprietaire|np",
    "representant": "representant|gerant|tuteur",
    "garant": "garant|caution",
}


def guess(value: str, allowed: Sequence[str]) -> str:
    """The entry of a closed list that a value commonly stands for; empty when none."""
    text = key(value) or value
    return next((a for a in allowed if text in MOTS.get(a, a).split("|") or value == a), "")


class ReglagesFichier(PageFichier):
    """The settings of one file."""

    access = Gesture.CONNECTEUR_CALIBRATE
    template: ClassVar[str] = "gestion/connecteurs/reglages.html"

    def prepare(self) -> None:
        super().prepare()
        self.page.titre = _t("Régler les valeurs de %(nom)s") % {"nom": self.fichier.nom}

    @property
    def nature(self) -> Nature | None:
        return natures().get(self.fichier.nature)

    def get(self, request: HttpRequest, agence: str, calibrage: UUID, rang: int) -> HttpResponse:
        if self.nature is None or (self.nature.lecture == "tableau" and not self.fichier.champs):
            return self.step("lecture")
        return self._show()

    def post(self, request: HttpRequest, agence: str, calibrage: UUID, rang: int) -> HttpResponse:
        if self.nature is None:
            return self.step("lecture")
        f, data = self.fichier, request.POST
        before = f.reglages
        f.reglages = self._parse(data)
        fault = self._fault()
        if fault:
            found = f.reglages
            response = self._show(422, fault)
            f.reglages = before if response.status_code != 422 else found
            return response
        f.etape = "pret"
        self.keep()
        self.say(_t("« %(nom)s » est réglé.") % {"nom": f.nom})
        return self.home()

    def _parse(self, data: QueryDict) -> Reglages:
        f = self.fichier
        found = Reglages(facultative="facultative" in data)
        for cle in sorted(set(f.champs.values())):
            if CHAMPS[cle].genre == "date":
                forme = data.get(f"date-{cle}", "")
                found.dates[cle] = forme if forme in DATES else "%d/%m/%Y"
            allowed = accepted(cle)
            if allowed:
                values = self._distinct(cle)
                table = {v: data.get(f"valeur-{cle}-{i}", "") for i, v in enumerate(values)}
                found.valeurs[cle] = {v: t if t in allowed else "" for v, t in table.items()}
        found.decimal = "." if data.get("decimal") == "." else ","
        milliers = data.get("milliers", "")
        found.milliers = {"blanc": " ", "point": ".", "apostrophe": "'"}.get(milliers, "")
        found.positif = "credit" if data.get("positif") == "credit" else "debit"
        role = data.get("role", "")
        found.role = role if role in dict(ROLES) else ""
        found.prefixes = (
            {} if found.role else {r: _plain(data.get(f"prefixe-{r}", ""), 200) for r, _m in ROLES}
        )
        for cle in ("coproprietes.code", "coproprietes.nom"):
            text = _plain(data.get(f"constante-{cle}", ""), 100)
            if text:
                found.constantes[cle] = text
        if f.nature == "pdf":
            found.pdf = _pdf(data)
        return found

    def _fault(self) -> str:
        f, nature = self.fichier, self.nature
        if nature is None or nature.lecture == "pdf":
            return ""
        elsewhere = any(o.nature in _COMPTES for o in self.plan.fichiers if o.rang != f.rang)
        if nature.code in {"ecritures", "fec"} and elsewhere:
            return ""  # the accounts come from another file of the same export
        roled = bool(
            nature.role or f.reglages.role or "comptes.role" in f.champs.values() or nature.code == "contacts"
        )
        if not roled and not any(f.reglages.prefixes.values()):
            return _t(
                "Dites à qui sont ces comptes : une seule qualité, ou le début des numéros de compte de chacune."
            )
        shared = (
            nature.role == "coproprietaire"
            or f.reglages.role == "coproprietaire"
            or f.reglages.prefixes.get("coproprietaire")
        )
        if shared and nature.code != "contacts" and not f.has("coproprietes.code"):
            return _t(
                "Un copropriétaire appartient à une copropriété : associez son code à une colonne, ou donnez-le ici."
            )
        return ""

    def _distinct(self, cle: str) -> list[str]:
        """The different values of a field, most frequent first. Raises ProfilRefuse."""
        f = self.fichier
        at = next((i for i in sorted(f.champs) if f.champs[i] == cle), -1)
        counts: dict[str, int] = {}
        with self.chantier() as chantier:
            for _n, cells in islice(body(chantier.piece(f).chemin, f.nom, f.lecture), LUES):
                value = cells[at] if 0 <= at < len(cells) else ""
                if value and (value in counts or len(counts) <= DISTINCTES):
                    counts[value] = counts.get(value, 0) + 1
        return sorted(counts, key=lambda v: (-counts[v], v))[: DISTINCTES + 1]

    def _show(self, status: int = 200, faute: str = "") -> HttpResponse:
        f = self.fichier
        context: dict[str, Any] = {"dates": [], "tables": [], "montants": [], "morceaux": []}
        try:
            if f.nature == "pdf":
                with self.chantier() as chantier:
                    context["morceaux"] = [p.nom.rpartition("/")[2] for p in chantier.pieces(f)[:5]]
            elif f.nature != "fec":
                context |= self._values()
        except ProfilRefuse as refus:
            faute = faute or explained(refus)
        said = f.reglages
        mapped = set(f.champs.values())
        account = (
            self.nature is not None and not self.nature.role and f.nature in {"comptes", "ecritures", "fec"}
        )
        copro = (
            f.nature in {"comptes", "coproprietaires", "ecritures", "fec"}
            and "coproprietes.code" not in mapped
        )
        return self.render(
            status, faute=faute, reglages=said, roles=ROLES, a_roles=account and "comptes.role" not in mapped,
            prefixes=said.prefixes or PREFIXES, a_copro=copro,
            signe="comptes.solde" in mapped or ("mouvements.montant" in mapped and "mouvements.sens" not in mapped),
            formats=[(d, DATES_MOTS[d]) for d in DATES], categories=list(Categorie.choices),
            **context,
        )  # fmt: skip

    def _values(self) -> dict[str, Any]:
        """What the values look like: date formats, amounts, and the lists of codes with a proposed meaning."""
        f = self.fichier
        columns: dict[int, list[str]] = {i: [] for i in f.champs}
        with self.chantier() as chantier:
            for _n, cells in islice(body(chantier.piece(f).chemin, f.nom, f.lecture), 500):
                for i in columns:
                    columns[i].append(cells[i] if i < len(cells) else "")
        dates, amounts, tables = [], [], []
        for i, cle in sorted(f.champs.items()):
            filled = [v for v in columns[i] if v]
            if CHAMPS[cle].genre == "date":
                chosen = f.reglages.dates.get(cle) or date_format(filled) or "%d/%m/%Y"
                dates.append(
                    {"cle": cle, "libelle": CHAMPS[cle].libelle, "choisi": chosen, "exemple": filled[:1]}
                )
            elif CHAMPS[cle].genre == "montant":
                amounts += filled[:20]
            allowed = accepted(cle)
            if allowed:
                known = f.reglages.valeurs.get(cle, {})
                offered = [(a, a.replace("_", " ")) for a in allowed]
                values = [(n, v, known.get(v, guess(v, allowed))) for n, v in enumerate(self._distinct(cle))]
                tables.append({"cle": cle, "libelle": CHAMPS[cle].libelle, "valeurs": values[:DISTINCTES], "choix": offered,
                               "trop": len(values) > DISTINCTES})  # fmt: skip
        if f.etape == "reglages" and amounts:
            f.reglages.decimal = (
                "." if not any("," in v for v in amounts) and any("." in v for v in amounts) else ","
            )
            f.reglages.milliers = " " if any(c in v for v in amounts for c in "  \u202f") else ""
        return {"dates": dates, "montants": amounts[:5], "tables": tables}


def _plain(text: str, size: int) -> str:
    return "".join(c for c in text if c.isprintable() and c not in "{}").strip()[:size]


def _pdf(data: QueryDict) -> dict[str, str]:
    """Which piece of the name is what. Ranks from 1; empty: none."""
    mark = data.get("separateur", "_")
    found = {"separateur": mark if mark in {"_", "-", " ", ".", "__"} else "_"}
    for name in ("compte", "date", "titre"):
        rank = whole(data.get(name, ""), 0, 20, 0)
        found[name] = str(rank) if rank else ""
    found["compte"] = found["compte"] or "1"
    forme = data.get("date_format", "")
    found["date_format"] = forme if forme in DATES else "%Y-%m-%d"
    category = data.get("categorie", "")
    found["categorie"] = category if category in Categorie.values else "autre"
    return found
