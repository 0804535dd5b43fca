"""« Mes accords »: what a person accepts to receive by electronic means from one agence; each act dated and kept."""

from typing import ClassVar

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palier.core.access import Gesture
from palier.core.errors import Invisible
from palier.core.screens import Screen
from palier.core.throttle import limit
from palier.retours.actions_consentements import choose_consent
from palier.retours.enums import GenreConsentement, SensConsentement
from palier.retours.queries import Accords, consents
from palier.retours.rules.consentements import REGLES, est_electronique, regles_pour
from palier.screens.shared.bases import espaces_of

ACTES_PAR_JOUR = 30


class ConsentementsBase(Screen):
    """A page about the consents at one agence."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "acces"
    accords: Accords

    def prepare(self) -> None:
        found = consents(self.actor, self.kwargs["acces"])
        if found is None:
            raise Invisible
        self.accords = found
        self.page.espaces = espaces_of(self.actor)


class Consentements(ConsentementsBase):
    """/mes-acces/<acces>/accords"""

    access = Gesture.CONSENTEMENT
    template: ClassVar[str] = "account/consentements.html"
    titre = gettext_lazy("Mes accords")

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        accords = self.accords
        self.page.titre = _("Mes accords avec %(agence)s") % {"agence": accords.agence_nom}
        asked = regles_pour(accords.qualites, accords.choix)
        # What was answered stays in sight, even once the agence no longer asks for it: it can be withdrawn.
        answered = [
            r
            for r in REGLES.values()
            if r not in asked and r.qualites & accords.qualites and accords.dernier(r.genre)
        ]
        rows = []
        for regle in (*asked, *answered):
            last = accords.dernier(regle.genre)
            electronic = est_electronique(regle, last["sens"] if last else None)
            rows.append((str(GenreConsentement(regle.genre).label), regle, electronic, last))
        return self.render(
            accords=accords,
            acces_id=self.kwargs["acces"],
            lignes=rows,
            libelles=dict(GenreConsentement.choices),
            sens=dict(SensConsentement.choices),
        )


class ConsentementChoisir(ConsentementsBase):
    """POST /mes-acces/<acces>/accords/<genre>: give or withdraw."""

    access = Gesture.CONSENTEMENT

    def post(self, request: HttpRequest, genre: str, **kwargs: object) -> HttpResponse:
        sens, version = request.POST.get("sens", ""), request.POST.get("version", "")
        limit("consentements", str(self.kwargs["acces"]), ACTES_PAR_JOUR, 86400,
              _("Vous avez beaucoup changé vos accords aujourd’hui : réessayez demain."))  # fmt: skip
        if choose_consent(self.actor, self.kwargs["acces"], genre, sens, version):
            self.say(_("C’est noté, avec la date et l’heure. L’agence en est informée."))
        else:
            self.say(_("C’était déjà votre choix : rien n’a changé."))
        return HttpResponseRedirect(reverse("consentements", kwargs={"acces": self.kwargs["acces"]}))
