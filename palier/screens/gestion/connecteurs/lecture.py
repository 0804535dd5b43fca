"""First step of a file: what it is, how it is read; what was tried is shown, and may be chosen otherwise."""

from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.echanges.connecteurs.champs import natures
from palier.echanges.connecteurs.lecture import (
    ENCODAGES,
    SEPARATEURS,
    Lecture,
    blanks,
    columns,
    first_lines,
    look,
    propose,
    sheets,
)
from palier.echanges.profils import ProfilRefuse
from palier.echanges.profils.lecteurs import Piece
from palier.screens.gestion.connecteurs.base import PageFichier, explained, whole

VUES = 8
TYPES = (
    ("delimite", _("Colonnes séparées par un signe (csv, txt)")),
    ("fixe", _("Largeur fixe, sans séparateur")),
    ("xlsx", _("Classeur xlsx")),
    ("fec", _("FEC")),
)
MARQUES = {
    ";": _("point-virgule"),
    "\t": _("tabulation"),
    "|": _("barre verticale"),
    ",": _("virgule"),
    "~": _("tilde"),
}


def parse(data: QueryDict, before: Lecture) -> Lecture:
    """The reading that a form asks for; what it does not say stays."""
    encodage = data.get("encodage", "")
    mark = {"tab": "\t"}.get(data.get("separateur", ""), data.get("separateur", ""))
    kind = data.get("type", "")
    kind = (
        kind
        if kind in {t for t, _m in TYPES} and (kind == "xlsx") == (before.type == "xlsx")
        else before.type
    )
    text = data.get("coupes", "")
    cuts = tuple(
        sorted(
            {
                int(c)
                for c in text.replace(";", ",").replace(" ", ",").split(",")
                if c.isdigit() and 0 < int(c) < 10_000
            }
        )
    )
    return replace(
        before,
        type=kind,
        encodage=encodage if encodage in ENCODAGES else before.encodage,
        separateur=mark if mark in SEPARATEURS else before.separateur,
        feuille=data.get("feuille", before.feuille)[:60],
        titres=whole(data.get("titres", ""), 0, 50, before.titres),
        coupes=cuts[:300] if "coupes" in data else before.coupes,
        longueur=whole(data.get("longueur", ""), 1, 9_999, before.longueur),
        pied_colonne=whole(data.get("pied_colonne", ""), -1, 299, before.pied_colonne),
        pied_texte=data.get("pied_texte", before.pied_texte).strip()[:40],
    )


class LectureFichier(PageFichier):
    """How the file is read."""

    access = Gesture.CONNECTEUR_CALIBRATE
    template: ClassVar[str] = "gestion/connecteurs/lecture.html"

    def prepare(self) -> None:
        super().prepare()
        self.page.titre = _t("Lire %(nom)s") % {"nom": self.fichier.nom}

    def get(self, request: HttpRequest, agence: str, calibrage: UUID, rang: int) -> HttpResponse:
        if self.fichier.nature == "pdf":
            return self.step("reglages")
        return self._show()

    def post(self, request: HttpRequest, agence: str, calibrage: UUID, rang: int) -> HttpResponse:
        data, f = request.POST, self.fichier
        nature = data.get("nature", "")
        before, wanted = f.lecture, parse(data, f.lecture)
        with self.chantier() as chantier:
            piece = chantier.piece(f)
            try:
                if (wanted.type, wanted.separateur, wanted.feuille, wanted.encodage) != (
                    before.type, before.separateur, before.feuille, before.encodage
                ):  # fmt: skip
                    if wanted.type == "fixe" and not wanted.coupes:
                        raw = first_lines(piece.chemin, f.nom, wanted.encodage)
                        wanted = replace(
                            wanted, coupes=tuple(blanks(raw)), longueur=max(map(len, raw), default=1)
                        )
                    wanted = propose(piece.chemin, f.nom, wanted)
                names = [] if wanted.type == "fec" else columns(piece.chemin, f.nom, wanted)
            except ProfilRefuse as refus:
                return self._show(422, explained(refus), wanted)
        moved = names != f.colonnes or nature != f.nature
        f.lecture, f.colonnes = wanted, names
        f.nature = nature if nature in natures() and nature != "pdf" else ""
        f.champs = {} if moved else f.champs
        f.etape = "colonnes" if moved else f.etape
        self.keep()
        if "continuer" not in data:
            return self.step("lecture")
        if not f.nature:
            return self._show(422, _t("Dites d’abord ce que contient ce fichier."))
        if (wanted.type == "fec") != (f.nature == "fec"):
            return self._show(
                422, _t("Un FEC se lit comme un FEC, et lui seul : accordez le contenu et la façon de lire.")
            )
        if not wanted.titres and wanted.type in {"delimite", "xlsx"}:
            return self._show(
                422,
                _t(
                    "Indiquez la ligne qui porte les titres : sans elle, un export changé passerait inaperçu."
                ),
            )
        return self.step("reglages" if f.nature == "fec" else "colonnes")

    def _show(self, status: int = 200, faute: str = "", lecture: Lecture | None = None) -> HttpResponse:
        wanted = lecture or self.fichier.lecture
        with self.chantier() as chantier:
            piece = chantier.piece(self.fichier)
            context = _seen(piece, self.fichier.nom, wanted)
        offered = [("", _t("Choisissez…"))] + [
            (n.code, n.titre) for n in natures().values() if n.code != "pdf"
        ]
        return self.render(
            status,
            lecture=wanted,
            faute=faute or context.pop("faute"),
            offertes=offered,
            types=[t for t in TYPES if (t[0] == "xlsx") == (wanted.type == "xlsx")],
            encodages=[(e, e) for e in ENCODAGES],
            separateurs=[("tab" if s == "\t" else s, MARQUES[s]) for s in SEPARATEURS],
            **{k: v for k, v in context.items() if k != "faute"},
        )


def _seen(piece: Piece, nom: str, lecture: Lecture) -> dict[str, Any]:
    """The first lines as they are, then as they are cut."""
    found: dict[str, Any] = {
        "faute": "",
        "brut": [],
        "regle": "",
        "titres": [],
        "lignes": [],
        "feuilles": [],
        "conseil": "",
    }
    try:
        if lecture.type == "xlsx":
            found["feuilles"] = [(s, s) for s in sheets(piece.chemin, nom)]
        else:
            raw = first_lines(piece.chemin, nom, lecture.encodage or ENCODAGES[0], VUES)
            found["brut"] = [line[:400] for line in raw]
            if lecture.type == "fixe":
                found["regle"] = ruler(max(map(len, raw), default=0), lecture.coupes)
                found["conseil"] = ", ".join(map(str, blanks(raw)))
        if lecture.type != "fec":
            found["titres"] = columns(piece.chemin, nom, lecture)
            found["lignes"] = look(piece.chemin, nom, lecture, VUES)
    except ProfilRefuse as refus:
        found["faute"] = explained(refus)
    return found


def ruler(width: int, cuts: tuple[int, ...]) -> str:
    """A ruler above fixed width lines: tens, and a mark where each column starts."""
    tens = "".join(str(i // 10 % 10) if i % 10 == 0 else "·" for i in range(1, min(width, 400) + 1))
    marks = "".join("▼" if i in cuts or i == 1 else " " for i in range(1, min(width, 400) + 1))
    return f"{tens}\n{marks}"
