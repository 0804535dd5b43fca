"""``/g/<agence>/retours``: what clients said, the return files prepared from it, and what the agence answers."""

import tempfile
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from palier.agences.cles import agence_key
from palier.core.access import Gesture
from palier.core.errors import BusinessError, Invisible
from palier.core.streaming import disposition
from palier.core.vault import DamagedFile
from palier.echanges.retours.actions import prepare_return
from palier.echanges.retours.dialectes import DIALECTES
from palier.echanges.retours.fichier import file_name, write_return
from palier.retours.actions_agence import MOTIF_MAX, acknowledge_return, refusable, refuse_row
from palier.retours.actions_consentements import set_proposed
from palier.retours.actions_justificatifs import open_proof
from palier.retours.enums import OUVERTS, GenreConsentement, MoyenAcquittement
from palier.retours.forms import RefusForm
from palier.retours.models import ConsentementPropose, Retour
from palier.retours.rules.consentements import REGLES
from palier.screens.espace.assurance import proof_response
from palier.screens.gestion.actions import record_return_download
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.base import decode_key
from palier.screens.gestion.queries.retours import ONGLETS, counts, files, returned

_MOTS_ONGLETS = {"attente": _("À transmettre"), "transmis": _("Transmis"), "clos": _("Terminés")}


class RetoursBase(Desk):
    """A page about the returns."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "flux"

    def tabs(self, present: str, found: Any) -> list[tuple[Any, ...]]:
        """Return the tabs: three stages, then the files."""
        address = self.url("retours")
        tabs: list[tuple[Any, ...]] = [
            (words, f"{address}?{urlencode({'etat': name})}", name == present, found[name])
            for name, words in _MOTS_ONGLETS.items()
        ]
        return [*tabs, (_t("Fichiers"), self.url("retours_fichiers"), present == "fichiers", found.fichiers)]

    def pages(self, found: Any, name: str, **query: str) -> dict[str, Any]:
        """Return the addresses of the neighbouring pages."""
        address = self.url(name)
        return {
            "precedent": f"{address}?{urlencode({**query, 'avant': found.precedent})}" if found.precedent else "",
            "suivant": f"{address}?{urlencode({**query, 'apres': found.suivant})}" if found.suivant else "",
        }  # fmt: skip


class Retours(RetoursBase):
    """What came back, by stage."""

    access = Gesture.RETOUR_READ
    template: ClassVar[str] = "gestion/retours.html"
    titre = _("Retours")

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        etat = request.GET.get("etat", "attente")
        etat = etat if etat in ONGLETS else "attente"
        totals = counts(self.actor)
        found = returned(self.actor, etat, decode_key(request.GET))
        if etat != "attente":
            self.page.titre = _t("Retours, %(etape)s") % {"etape": str(_MOTS_ONGLETS[etat]).lower()}
        return self.render(
            lignes=found.rows,
            etat=etat,
            onglets_page=self.tabs(etat, totals),
            totaux=totals,
            ouverts=[str(e.value) for e in OUVERTS],
            **self.pages(found, "retours", etat=etat),
        )


class Fichiers(RetoursBase):
    """The return files prepared so far."""

    access = Gesture.RETOUR_READ
    template: ClassVar[str] = "gestion/retours_fichiers.html"
    titre = _("Fichiers de retour")

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        found = files(self.actor, decode_key(request.GET))
        return self.render(
            fichiers=found.rows,
            onglets_page=self.tabs("fichiers", counts(self.actor)),
            dialectes=DIALECTES,
            moyens=dict(MoyenAcquittement.choices),
            **self.pages(found, "retours_fichiers"),
        )


class Preparer(RetoursBase):
    """POST: take what waits into a new return."""

    access = Gesture.RETOUR_MANAGE

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        retour = prepare_return(self.actor)
        if retour is None:
            self.say(_t("Rien de nouveau à transmettre : aucun fichier n’est préparé."))
        else:
            words = ngettext(
                "Le retour n° %(n)s est prêt : %(lignes)s ligne.",
                "Le retour n° %(n)s est prêt : %(lignes)s lignes.",
                retour.lignes,
            )
            self.say(words % {"n": retour.sequence, "lignes": retour.lignes})
        return self.go("retours_fichiers")


def read_return(screen: Desk, sequence: int) -> Retour:
    """Return a prepared return of the agence; raise ``Invisible``."""
    found: Retour | None = (
        Retour.objects.visible_to(screen.actor)
        .filter(agence_id=screen.agence.id, sequence=min(sequence, 2**31 - 1))
        .first()
    )
    if found is None:
        raise Invisible
    return found


class FichierRetour(RetoursBase):
    """The zip itself: the same bytes each time."""

    access = Gesture.RETOUR_MANAGE

    def get(self, request: HttpRequest, agence: str, sequence: int, dialecte: str) -> HttpResponseBase:
        retour = read_return(self, sequence)
        if dialecte not in DIALECTES:
            raise Invisible
        # A finished file: it outlives the transaction, and one with many proofs does not sit in memory.
        target = tempfile.TemporaryFile()  # noqa: SIM115  (FileResponse closes it)
        try:
            write_return(target, self.agence, retour, agence_key(self.actor, self.agence.id), dialecte)
        except DamagedFile:
            target.close()
            message = _t(
                "Un justificatif de ce retour est abîmé dans notre stockage : le fichier n’est pas servi."
            )
            raise BusinessError("fichier_abime", message, status=503) from None
        target.seek(0)
        record_return_download(self.actor, retour.sequence, dialecte)
        response = FileResponse(target, content_type="application/zip")
        response["Content-Disposition"] = disposition(file_name(self.agence, retour, dialecte))
        response["Cache-Control"] = "private, no-store"
        return response


class Acquitter(RetoursBase):
    """POST: the return is in the agence's software."""

    access = Gesture.RETOUR_MANAGE

    def post(self, request: HttpRequest, agence: str, sequence: int) -> HttpResponse:
        acknowledge_return(self.actor, min(sequence, 2**31 - 1), MoyenAcquittement.MAIN)
        self.say(_t("Le retour n° %(n)s est acquitté.") % {"n": sequence})
        return self.go("retours_fichiers")


class Refuser(RetoursBase):
    """Ask why, then refuse: the person is told."""

    access = Gesture.RETOUR_MANAGE
    template: ClassVar[str] = "gestion/retour_refuser.html"
    titre = _("Refuser une demande")

    def get(self, request: HttpRequest, agence: str, genre: str, ligne: UUID) -> HttpResponse:
        return self._show(RefusForm(), genre, ligne)

    def _show(self, form: RefusForm, genre: str, ligne: UUID, status: int = 200) -> HttpResponse:
        table, row = refusable(self.actor, genre, ligne)
        facts = {name: getattr(row, name) for name in (f.attname for f in row._meta.concrete_fields)}
        quoi, detail = table.mots(facts)
        return self.render(status, form=form, ligne=row, quoi=quoi, detail=detail, maximum=MOTIF_MAX)

    def post(self, request: HttpRequest, agence: str, genre: str, ligne: UUID) -> HttpResponse:
        form = RefusForm(request.POST)
        if not form.is_valid():
            return self._show(form, genre, ligne, 422)
        told = refuse_row(self.actor, genre, ligne, form.cleaned_data["motif"])
        self.say(
            _t("La demande est refusée. La personne est prévenue par e-mail.")
            if told
            else _t(
                "La demande est refusée. Aucun compte n’est rattaché à cet accès : prévenez la personne vous-même."
            )
        )
        return self.go("retours")


class JustificatifFichier(RetoursBase):
    """A proof, as staff: written in the journal."""

    access = Gesture.JUSTIFICATIF_READ

    def get(self, request: HttpRequest, agence: str, justificatif: UUID) -> HttpResponseBase:
        return proof_response(request, self.actor, open_proof(self.actor, justificatif))


class ConsentementsProposes(RetoursBase):
    """Which consents the portal asks the agence's clients for."""

    access = Gesture.AGENCE_SETTINGS
    template: ClassVar[str] = "gestion/retours_consentements.html"
    titre = _("Accords demandés aux clients")

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        rows = ConsentementPropose.objects.visible_to(self.actor).filter(agence_id=self.agence.id)
        choice = dict(rows.values_list("genre", "propose"))
        return self.render(
            regles=[
                (r, str(GenreConsentement(r.genre).label), choice.get(r.genre, r.propose))
                for r in REGLES.values()
            ],
            confiance={
                "H": _t("élevée : des sources sûres concordent"),
                "M": _t("moyenne : d’après des commentaires concordants"),
                "L": _t("faible : texte non lu, à faire vérifier avant de l’activer"),
            },
        )

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        set_proposed(self.actor, {genre for genre in request.POST.getlist("genre") if genre in REGLES})
        self.say(_t("C’est enregistré. Les accords déjà donnés restent valables."))
        return self.go("retours_consentements")
