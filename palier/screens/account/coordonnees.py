"""« Mes coordonnées » at one agence: what it holds, propose a change, follow it, say that all is right."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from palier.agences.enums import FonctionPortail
from palier.agences.queries import is_closed
from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.core.screens import Screen
from palier.core.throttle import limit
from palier.retours.actions_coordonnees import cancel_change, closed_here, confirm_details, propose_changes
from palier.retours.enums import EtatRetour, NatureChangement, Rubrique
from palier.retours.forms import CoordonneesForm
from palier.retours.queries import Fiche, contact_sheet
from palier.retours.rules.coordonnees import CHAMPS, telephone_lisible
from palier.retours.tables import valeur_lisible
from palier.screens.shared.bases import espaces_of

A_VERIFIER = "coordonnees_a_verifier"  # in the session: which accès the home reminds of
DEMANDES_PAR_JOUR = 30


class CoordonneesBase(Screen):
    """A page about the contact details that one agence holds."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "acces"
    fiche: Fiche

    def prepare(self) -> None:
        found = contact_sheet(self.actor, self.kwargs["acces"])
        if found is None:
            raise Invisible
        self.fiche = found
        self.page.espaces = espaces_of(self.actor)

    def back(self) -> HttpResponse:
        """Send the browser to the page of the details."""
        return HttpResponseRedirect(reverse("coordonnees", kwargs={"acces": self.fiche.acces_id}))

    def waiting(self, rubrique: str) -> dict[str, Any] | None:
        """Return the request of a heading that has not left yet."""
        return next(
            (
                c
                for c in self.fiche.changements
                if c["rubrique"] == rubrique
                and c["etat"] == EtatRetour.DEMANDE
                and c["nature"] == NatureChangement.CHANGEMENT
            ),
            None,
        )


class Coordonnees(CoordonneesBase):
    """/mes-acces/<acces>/coordonnees"""

    access = Gesture.COORDONNEES
    template: ClassVar[str] = "account/coordonnees.html"
    titre = gettext_lazy("Mes coordonnées")

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        fiche = self.fiche
        self.page.titre = _("Mes coordonnées chez %(agence)s") % {"agence": fiche.agence_nom}
        return self.render(
            fiche=fiche,
            ferme=is_closed(self.actor, fiche.agence_id, FonctionPortail.COORDONNEES),
            rubriques=[(r, str(r.label), valeur_lisible(r, fiche.tiers), self._pending(r)) for r in Rubrique],
            historique=[
                (titre_de(c), valeur_lisible(c["rubrique"], c["nouveau"]), c) for c in fiche.changements
            ],
        )

    def _pending(self, rubrique: str) -> tuple[str, dict[str, Any]] | None:
        """Return what was asked for a heading and is not settled yet: (new value, request)."""
        for c in self.fiche.changements:
            still = c["etat"] in (EtatRetour.DEMANDE, EtatRetour.TRANSMIS, EtatRetour.ACQUITTE)
            if c["rubrique"] == rubrique and c["nature"] == NatureChangement.CHANGEMENT and still:
                return valeur_lisible(rubrique, c["nouveau"]) or _("à effacer"), c
        return None


def titre_de(changement: dict[str, Any]) -> str:
    """Return what a request is about, in words."""
    if changement["nature"] == NatureChangement.CHANGEMENT:
        return str(Rubrique(changement["rubrique"]).label)
    return str(NatureChangement(changement["nature"]).label)


class CoordonneesModifier(CoordonneesBase):
    """/mes-acces/<acces>/coordonnees/modifier"""

    access = Gesture.COORDONNEES
    template: ClassVar[str] = "account/coordonnees_modifier.html"
    titre = gettext_lazy("Proposer un changement")

    def _initial(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for rubrique, champs in CHAMPS.items():
            waiting = self.waiting(rubrique)
            values = waiting["nouveau"] if waiting else self.fiche.tiers
            found |= {champ: values.get(champ) or "" for champ in champs}
        for champ in ("telephone_mobile", "telephone_fixe"):
            found[champ] = telephone_lisible(found[champ])
        found["pays"] = found["pays"] or "FR"
        return found

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        if is_closed(self.actor, self.fiche.agence_id, FonctionPortail.COORDONNEES):
            raise closed_here()
        return self.render(fiche=self.fiche, form=CoordonneesForm(initial=self._initial()))

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        form = CoordonneesForm(request.POST, initial=self._initial())
        if not form.is_valid():
            return self.render(422, fiche=self.fiche, form=form)
        limit("coordonnees", str(self.fiche.acces_id), DEMANDES_PAR_JOUR, 86400,
              _("Vous avez beaucoup modifié vos coordonnées aujourd’hui : réessayez demain."))  # fmt: skip
        changed = propose_changes(self.actor, self.fiche.acces_id, form.cleaned_data["valeurs"])
        forget_reminder(request, self.fiche.acces_id)
        self.say(
            ngettext(
                "Votre demande est enregistrée : l’agence la reçoit.",
                "Vos %(n)s demandes sont enregistrées : l’agence les reçoit.",
                len(changed),
            )
            % {"n": len(changed)}
            if changed
            else _("Rien n’a changé : ce sont les coordonnées que l’agence connaît déjà.")
        )
        return self.back()


def forget_reminder(request: HttpRequest, acces_id: UUID) -> None:
    """Stop reminding of an accès: the person just spoke about it."""
    kept = request.session.get(A_VERIFIER, [])
    if str(acces_id) in kept:
        request.session[A_VERIFIER] = [one for one in kept if one != str(acces_id)]


class CoordonneesConfirmer(CoordonneesBase):
    """POST /mes-acces/<acces>/coordonnees/confirmer"""

    access = Gesture.COORDONNEES

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        confirm_details(self.actor, self.fiche.acces_id)
        forget_reminder(request, self.fiche.acces_id)
        self.say(_("Merci : vous avez confirmé ces coordonnées."))
        return self.back()


class CoordonneesAnnuler(CoordonneesBase):
    """POST /mes-acces/<acces>/coordonnees/<changement>/annuler"""

    access = Gesture.COORDONNEES

    def post(self, request: HttpRequest, changement: UUID, **kwargs: object) -> HttpResponse:
        cancel_change(self.actor, self.fiche.acces_id, changement)
        self.say(_("La demande est annulée : l’agence ne la recevra pas."))
        return self.back()
