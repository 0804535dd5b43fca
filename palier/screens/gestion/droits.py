"""``/g/<agence>/droits``: requests about rights that the agence answers for, and the restrictions that run."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture
from palier.core.dates import now, today
from palier.core.errors import BusinessError, Invisible
from palier.screens.account.droits import piece_of, piece_response
from palier.screens.gestion.base import Desk
from palier.vie_privee.droits_personnes.demandes import CLOS, mailbox_of
from palier.vie_privee.droits_personnes.fichiers import Envoye
from palier.vie_privee.droits_personnes.limitation import announce_lift
from palier.vie_privee.droits_personnes.queries import authors_of, figures, of_agency, restrictions_of
from palier.vie_privee.droits_personnes.reponses import Acte, act_for_agency
from palier.vie_privee.enums import GenreLimitation, MotifLimitation
from palier.vie_privee.models import DemandeAgence
from palier.vie_privee.rules.droits import PIECE_OCTETS, PIECES, reste

_DITS = {
    "prolonger": _("Le délai est prolongé ; la personne en reçoit le motif."),
    "identite": _("La preuve est demandée ; le délai s’arrête jusqu’à sa réception."),
    "verifier": _("L’identité est vérifiée et le fichier effacé."),
    "repondre": _("La réponse est en ligne ; la personne est prévenue par e-mail."),
    "refuser": _("Le refus et ses motifs sont en ligne, avec les recours."),
}


def acte_of(request: HttpRequest) -> Acte:
    """Read what the controller does. Raises Invisible for an unknown act."""
    nom = request.POST.get("acte", "")
    if nom not in _DITS:
        raise Invisible
    files = [Envoye(f.name or "fichier", f.read(PIECE_OCTETS + 1)) for f in request.FILES.getlist("pieces")]
    return Acte(nom, request.POST.get("texte", ""), files[: PIECES + 1])


def said(acte: Acte, *, joignable: bool = True) -> str:
    """Return what is said once it is done; ``joignable``: whether its author could be told of it."""
    return str(
        _DITS[acte.nom] if joignable else _("C’est noté. Écrivez à la personne par vos propres moyens.")
    )


class Droits(Desk):
    """The list, its figures, what is restricted."""

    access = Gesture.DROITS_REPONDRE
    template: ClassVar[str] = "gestion/droits.html"
    titre = _("Droits des personnes")
    actif: ClassVar[str] = "confiance"

    def get(self, request: HttpRequest, agence: str) -> HttpResponse:
        return self._show()

    def _show(self, faute: str = "", status: int = 200) -> HttpResponse:
        rows, jour = of_agency(self.actor), today()
        return self.render(
            status, faute=faute, demandes=[(row, reste(jour, row.echeance)) for row in rows], chiffres=figures(rows),
            auteurs=authors_of(self.actor, rows),
            clos=CLOS, limitees=restrictions_of(self.actor), genres=dict(GenreLimitation.choices),
            motifs=dict(MotifLimitation.choices), maintenant=now(),
        )  # fmt: skip

    def post(self, request: HttpRequest, agence: str) -> HttpResponse:
        try:
            announce_lift(self.actor, UUID(request.POST.get("lever", "")), request.POST.get("motif", ""))
        except ValueError:
            raise Invisible from None
        except BusinessError as error:
            return self._show(str(error), error.status)
        self.say(_t("La levée est annoncée : elle prendra effet dans une semaine."))
        return self.go("droits")


class DroitBase(Desk):
    """A page of one request of this agence."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "confiance"
    row: DemandeAgence

    def prepare(self) -> None:
        super().prepare()
        rows = DemandeAgence.objects.visible_to(self.actor).filter(agence_id=self.agence.id)
        found = rows.filter(id=self.kwargs["demande"]).first()
        if found is None:
            raise Invisible
        self.row = found
        self.page.titre = str(found.get_droit_display())


class Droit(DroitBase):
    """One request: what is asked, the clock, what can be done."""

    access = Gesture.DROITS_REPONDRE
    template: ClassVar[str] = "gestion/droit.html"

    def get(self, request: HttpRequest, agence: str, demande: UUID) -> HttpResponse:
        return self._show()

    def _show(self, faute: str = "", status: int = 200) -> HttpResponse:
        row = self.row
        pieces = [(p, self.url("droit_piece", demande=row.id, piece=p["id"])) for p in row.pieces]
        identite = self.url("droit_piece", demande=row.id, piece=row.identite["id"]) if row.identite else ""
        context: dict[str, Any] = {
            "demande": row, "qui": self.agence.nom, "pieces": pieces, "identite": identite, "faute": faute,
            "close": row.etat in CLOS, "reste": reste(today(), row.echeance), "texte": self.request.POST.get("texte", ""),
            "fiche": self.url("personne", acces=row.acces_id) if row.acces_id else "",
            "retour": (_t("Droits des personnes"), self.url("droits")), "joignable": bool(mailbox_of(row)),
            "auteur": authors_of(self.actor, [row])[row.id],
        }  # fmt: skip
        return self.render(status, **context)

    def post(self, request: HttpRequest, agence: str, demande: UUID) -> HttpResponse:
        acte = acte_of(request)
        try:
            act_for_agency(self.actor, self.row.id, acte)
        except BusinessError as error:
            return self._show(str(error), error.status)
        self.say(said(acte, joignable=bool(mailbox_of(self.row))))
        return self.go("droit", demande=self.row.id)


class DroitPiece(DroitBase):
    """A file of the answer, or the proof of identity while it is to be verified."""

    access = Gesture.DROITS_REPONDRE

    def get(self, request: HttpRequest, agence: str, demande: UUID, piece: str) -> HttpResponseBase:
        kept = self.row.identite if self.row.identite.get("id") == piece else piece_of(self.row, piece)
        return piece_response(request, self.actor, self.row, kept)
