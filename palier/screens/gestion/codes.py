"""``/g/<agence>/codes``: codes for a place or for the whole agence, previewed, then issued and shown once."""

import hashlib
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.acces.codes import LOT_MAXIMAL, Vu, changed_batch, issue_codes
from palier.acces.envoi_codes import email_codes
from palier.acces.lettres import letters_pdf, list_pdf
from palier.core.access import Gesture
from palier.core.dates import today
from palier.core.errors import BusinessError
from palier.screens.gestion.base import Desk
from palier.screens.gestion.lieux import Lieux, places_asked
from palier.screens.gestion.personne import pdf_response
from palier.screens.gestion.queries.base import Row
from palier.screens.gestion.queries.personnes import to_issue

# Which states a batch takes: those who never had a code, then those whose code is dead, then even the living ones.
ETATS: dict[str, tuple[Promise, list[str]]] = {
    "non_emis": (_("Jamais de code"), ["non_emis"]),
    "sans_code": (_("Sans code valable"), ["non_emis", "expire", "revoque"]),
    "tous": (_("Toutes, sauf rattachées"),
             ["non_emis", "expire", "revoque", "emis"]),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lot:
    """A batch: for which place and states, and the people that it finds."""

    lieux: Lieux
    etat: str
    personnes: list[Row]

    @property
    def lieu(self) -> UUID | None:
        """The place; None: the whole agence."""
        return self.lieux.choisi

    @property
    def avec_email(self) -> list[Row]:
        """Those whom the back-office knows an e-mail of."""
        return [row for row in self.personnes if row.email]

    @property
    def sans_email(self) -> list[Row]:
        """Those who can only be written to on paper."""
        return [row for row in self.personnes if not row.email]

    @property
    def vus(self) -> dict[UUID, Vu]:
        """Where each of them stands, and the last code."""
        return {row.id: (row.etat, row.code_id) for row in self.personnes}

    @property
    def empreinte(self) -> str:
        """A digest of ``vus``: the same as long as nobody came, left or was given a code."""
        text = "|".join(f"{acces} {etat} {code}" for acces, (etat, code) in sorted(self.vus.items()))
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def of(self, envoi: str) -> list[Row]:
        """Return whom a way of sending concerns."""
        return {"courriel": self.avec_email, "lettres_sans": self.sans_email}.get(envoi, self.personnes)


class Codes(Desk):
    """Preview, then issue. The preview's digest comes back with the order: a batch changed meanwhile is shown again."""

    access = Gesture.CODE_ISSUE
    template: ClassVar[str] = "gestion/codes.html"
    titre = _("Émettre des codes")
    actif: ClassVar[str] = "personnes"

    def _batch(self, fields: QueryDict) -> Lot:
        lieux, etat = places_asked(self.actor, fields), fields.get("etat", "")
        etat = etat if etat in ETATS else "non_emis"
        found = [] if lieux.a_choisir else to_issue(self.actor, lieux.choisi, ETATS[etat][1])
        return Lot(lieux, etat, found)

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show(self._batch(request.GET))

    def _show(self, lot: Lot, status: int = 200, faute: str = "") -> HttpResponse:
        return self.render(
            status,
            lot=lot,
            faute=faute,
            etats=[(value, words) for value, (words, _states) in ETATS.items()],
            maximum=LOT_MAXIMAL,
        )

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        lot, envoi = self._batch(request.POST), request.POST.get("envoi", "")
        chosen = [row.id for row in lot.of(envoi)]
        if envoi not in {"courriel", "lettres", "lettres_sans", "liste"}:
            return self._show(lot, 422, _t("Choisissez comment remettre les codes."))
        if request.POST.get("empreinte") != lot.empreinte:
            return self._show(lot, 409, changed_batch())
        if not chosen:
            return self._show(lot, 422, _t("Personne n’est concerné par ce choix : aucun code n’est émis."))
        try:
            return self._issue(envoi, chosen, lot.vus)
        except BusinessError as error:
            return self._show(self._batch(request.POST), error.status, str(error))

    def _issue(self, envoi: str, chosen: list[UUID], vus: dict[UUID, Vu]) -> HttpResponse:
        """Issue the codes and answer with what is shown once."""
        if envoi == "courriel":
            sent = email_codes(self.actor, chosen[:LOT_MAXIMAL], vus=vus).envoyes
            self.say(_t("%(n)d codes partent par e-mail.") % {"n": sent})
            return self.go("codes")
        canal = "liste" if envoi == "liste" else "courrier"
        codes = issue_codes(self.actor, chosen[:LOT_MAXIMAL], canal, vus=vus)
        make = list_pdf if envoi == "liste" else letters_pdf
        name = f"{'liste' if envoi == 'liste' else 'lettres'}-{self.agence.slug}-{today().isoformat()}.pdf"
        return pdf_response(make(self.actor, self.agence, codes), name)
