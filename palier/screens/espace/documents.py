"""The documents of a space: groups, years, search as you type, pages by key, and all of a filter in one zip."""

from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palier.agences.cles import agence_key
from palier.core.access import Gesture
from palier.core.errors import BusinessError, Invisible
from palier.core.streaming import disposition
from palier.ged import archive
from palier.ged.actions import download_all
from palier.ged.enums import Groupe
from palier.ged.queries import Filtre, Part, a_emporter, page_de_documents, somme
from palier.ged.rules.groupes import articles_de, groupes_montres
from palier.screens.espace.base import EspacePage, annee_lue, cle_ecrite, cle_lue

MAX_Q = 120


def filtre_lu(request: HttpRequest) -> Filtre:
    """Read the filter of an address; what is not one is left out."""
    groupe = request.GET.get("groupe", "")
    return Filtre(
        groupe if groupe in Groupe.values else "",
        annee_lue(request.GET.get("annee", "")),
        request.GET.get("q", "").strip()[:MAX_Q],
    )


class Documents(EspacePage):
    """/e/<espace>/documents"""

    access = Gesture.DOCUMENT_READ
    template = "espace/documents.html"
    titre = gettext_lazy("Documents")
    actif = "documents"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        filtre = filtre_lu(request)
        avant = cle_lue(request.GET.get("avant", ""))
        page = page_de_documents(self.actor, self.perimetre, filtre, avant)
        rows, found = page.rows, page.parts
        emporte = somme(found, filtre.groupe, filtre.annee)
        suivant = self._adresse(filtre, avant=cle_ecrite(rows[-1].le, rows[-1].id)) if page.more else ""
        return self.render(
            filtre=filtre,
            rows=rows,
            suivant=suivant,
            debut=self._adresse(filtre) if avant else "",
            emporte=emporte,
            trop=emporte.nombre > archive.MAX_DOCUMENTS or emporte.octets > archive.MAX_OCTETS,
            max_documents=archive.MAX_DOCUMENTS,
            max_octets=archive.MAX_OCTETS,
            zip=self._adresse(filtre, nom="documents_zip"),
            contexte=self._contexte(filtre),
            onglets=self._onglets(filtre, found),
            annees=self._annees(filtre, found),
            raison=self._raison(filtre) if not rows else "",
        )

    def _adresse(self, filtre: Filtre, nom: str = "documents", **autres: Any) -> str:
        return self.adresse(nom, {"groupe": filtre.groupe, "annee": filtre.annee, "q": filtre.q, **autres})

    def _contexte(self, filtre: Filtre) -> str:
        """The query that a document's address carries, so that « suivant » stays within the list."""
        return self.adresse("documents", {"groupe": filtre.groupe, "annee": filtre.annee}).partition("?")[2]

    def _onglets(self, filtre: Filtre, found: list[Part]) -> list[tuple[str, str, bool, int]]:
        """Tabs by group with their counts, in the year chosen; the unread are told by the dots of the rows."""
        of_year = [p for p in found if filtre.annee is None or p.annee == filtre.annee]
        counts = {groupe: somme(of_year, groupe).nombre for groupe in Groupe.values}
        shown = groupes_montres(self.espace.qualite, self.espace.council, counts)
        if filtre.groupe and filtre.groupe not in shown:
            shown.append(filtre.groupe)
        everything = Filtre("", filtre.annee, filtre.q)
        tabs = [(_("Tous"), self._adresse(everything), not filtre.groupe, somme(of_year).nombre)]
        return tabs + [
            (
                str(Groupe(groupe).label),
                self._adresse(Filtre(groupe, filtre.annee, filtre.q)),
                groupe == filtre.groupe,
                counts[groupe],
            )
            for groupe in shown
        ]

    def _annees(self, filtre: Filtre, found: list[Part]) -> list[tuple[str, str, bool]]:
        years = {p.annee for p in found if not filtre.groupe or p.groupe == filtre.groupe}
        if filtre.annee is not None:
            years.add(filtre.annee)
        shown = [(_("Toutes"), self._adresse(Filtre(filtre.groupe, None, filtre.q)), filtre.annee is None)]
        return shown + [
            (str(year), self._adresse(Filtre(filtre.groupe, year, filtre.q)), year == filtre.annee)
            for year in sorted(years, reverse=True)
        ]

    def _raison(self, filtre: Filtre) -> str:
        """Say why the list is empty, and since when the law wants it otherwise."""
        agence = self.espace.agence_nom
        if filtre.q:
            return _(
                "Essayez un autre mot ou retirez un filtre. La recherche lit les titres et le texte des documents."
            )
        if filtre.annee is not None:
            return _("%(agence)s n’a rien publié ici pour %(annee)s.") % {
                "agence": agence,
                "annee": filtre.annee,
            }
        articles = articles_de(filtre.groupe) if self.espace.qualite in ("coproprietaire", "conseil") else ()
        if articles:
            return _(
                "%(agence)s n’a encore rien publié dans cette rubrique. Depuis le 1er juillet 2020, un syndic"
                " professionnel doit y mettre en ligne au moins les pièces prévues par le décret n° 2019-502,"
                " article %(article)s."
            ) % {"agence": agence, "article": articles[0]}
        return _("%(agence)s n’a encore rien publié ici. Un document paraît dès qu’elle l’envoie.") % {
            "agence": agence
        }


class DocumentsZip(EspacePage):
    """/e/<espace>/documents.zip: everything that the current filter holds."""

    access = Gesture.DOCUMENT_READ

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponseBase:
        documents = a_emporter(self.actor, self.perimetre, filtre_lu(request), archive.MAX_DOCUMENTS + 1)
        if not documents:
            raise Invisible
        if len(documents) > archive.MAX_DOCUMENTS or sum(d.octets for d in documents) > archive.MAX_OCTETS:
            raise BusinessError(
                "zip_trop_gros",
                _(
                    "Il y a trop de documents pour un seul téléchargement. Choisissez une rubrique ou une année."
                ),
                status=413,
            )
        name = archive.nom_sur(f"{self.espace.titre} {date.today().isoformat()}") + ".zip"
        if request.method == "HEAD":
            return HttpResponse(headers=_headers(name))
        key = agence_key(self.actor, self.espace.agence_id)
        found = archive.build(key, documents, _("Documents momentanément illisibles"))
        download_all(self.actor, self.perimetre, self.espace.id, found.documents, len(found.abimes))
        return FileResponse(found.fichier, headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Type": "application/zip",
        "Content-Disposition": disposition(name),
        "Cache-Control": "private, no-store",
    }
