"""The legal texts: the version in force, every version ever published, what changed, the PDF."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.dates import today
from palier.core.errors import Invisible
from palier.core.screens import Screen
from palier.screens.public.activation import langue
from palier.vie_privee.enums import GenreTexte
from palier.vie_privee.impression import text_pdf
from palier.vie_privee.models import TexteLegal
from palier.vie_privee.queries import read_text, text_in_force, version, versions
from palier.vie_privee.rules.textes import difference


class Texte(Screen):
    """A legal text, in the version in force; ``genre`` is given by the address."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/texte_legal.html"
    genre: str = ""

    def get(self, request: HttpRequest) -> HttpResponse:
        texte = text_in_force(self.genre, langue())
        if texte is None:
            raise Invisible
        self.page.titre = texte.titre
        return self.render(texte=read_text(texte), passe=None, a_venir=False, precedente=previous(texte))


def legal(genre: str) -> Any:
    """Return the view of a legal text."""
    return Texte.as_view(genre=genre)


def previous(texte: TexteLegal) -> TexteLegal | None:
    """Return the version before ``texte``, if any."""
    older = [
        t
        for t in versions(texte.genre, texte.langue)
        if t.publie_le and texte.publie_le and t.publie_le < texte.publie_le
    ]
    return older[0] if older else None


class Archive(Screen):
    """Every version of every text, the newest first."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/textes.html"
    titre = _("Les textes du portail et leurs versions")

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = TexteLegal.objects.filter(langue=langue()).order_by("-en_vigueur_le", "-publie_le", "-version")
        found: dict[str, list[TexteLegal]] = {genre: [] for genre in GenreTexte.values}
        for texte in rows:
            found[texte.genre].append(texte)
        return self.render(
            textes=[(GenreTexte(g).label, rows) for g, rows in found.items() if rows], jour=today()
        )


class _Version(Screen):
    """Pages of one published version."""

    abstract_screen: ClassVar[bool] = True
    texte: TexteLegal

    def prepare(self) -> None:
        found = version(self.kwargs["genre"], langue(), self.kwargs["numero"])
        if found is None:
            raise Invisible
        self.texte = found
        self.page.titre = found.titre


class TexteVersion(_Version):
    """One version, past, present or to come: it says which."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/texte_legal.html"

    def get(self, request: HttpRequest, genre: str, numero: str) -> HttpResponse:
        self.page.titre = _t("%(titre)s, version %(version)s") % {
            "titre": self.texte.titre,
            "version": self.texte.version,
        }
        present = text_in_force(genre, langue())
        coming = self.texte.en_vigueur_le > today()
        past = present if present is not None and present.id != self.texte.id and not coming else None
        return self.render(
            texte=read_text(self.texte), passe=past, a_venir=coming, precedente=previous(self.texte)
        )


class TextePdf(_Version):
    """One version as an accessible PDF."""

    access = Gesture.PUBLIC

    def get(self, request: HttpRequest, genre: str, numero: str) -> HttpResponse:
        response = HttpResponse(text_pdf(read_text(self.texte), langue()), content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="palier-{genre}-{self.texte.version}.pdf"'
        return response


class TexteChangements(_Version):
    """What changed from another version (``?depuis=``, by default the one before), side by side."""

    access = Gesture.PUBLIC
    template: ClassVar[str] = "public/texte_changements.html"

    def get(self, request: HttpRequest, genre: str, numero: str) -> HttpResponse:
        wanted = request.GET.get("depuis", "")[:20].replace("\x00", "")
        before = version(genre, langue(), wanted) if wanted else previous(self.texte)
        if before is None:
            raise Invisible
        self.page.titre = _t("%(titre)s : ce qui change") % {"titre": self.texte.titre}
        rows = difference(before.corps, self.texte.corps)
        return self.render(
            avant=before, apres=self.texte, lignes=rows, changes=sum(r.genre != "meme" for r in rows)
        )
