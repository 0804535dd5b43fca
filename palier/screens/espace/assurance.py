"""The insurance certificate of a tenant: send it, replace it, delete it while it has not left, read it again."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http import HttpResponseRedirect as Redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palier.agences.cles import agence_key
from palier.agences.enums import FonctionPortail
from palier.agences.queries import is_closed
from palier.core.access import Gesture
from palier.core.actor import Actor
from palier.core.errors import BusinessError, Invisible
from palier.core.streaming import file_response
from palier.core.throttle import limit
from palier.core.vault import DamagedFile
from palier.retours.actions_justificatifs import Depot, delete_proof, open_proof, proof_key, send_proof
from palier.retours.enums import OUVERTS, EtatRetour
from palier.retours.forms import AttestationForm
from palier.retours.models import Justificatif
from palier.retours.queries import current_lease, proofs
from palier.retours.rules.justificatifs import MAX_OCTETS
from palier.screens.espace.base import EspacePage

ENVOIS_PAR_JOUR = 20


class AssurancePage(EspacePage):
    """A page about the insurance of the dwelling: a tenant's space only."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "bien"
    compte_id: UUID

    def prepare(self) -> None:
        super().prepare()
        if self.espace.qualite != "locataire" or self.espace.compte_client_id is None:
            raise Invisible
        self.compte_id = self.espace.compte_client_id

    def back(self) -> HttpResponse:
        """Send the browser to the list."""
        return Redirect(self.page.espace_url("assurance"))

    def show(self, form: AttestationForm, status: int = 200) -> HttpResponse:
        """Render the list with its form."""
        espace = self.espace
        found = proofs(self.actor, espace.agence_id, espace.acces_id, self.compte_id)
        lease = current_lease(self.actor, espace.agence_id, self.compte_id)
        return self.render(
            status,
            template="espace/assurance.html",
            form=form,
            attestations=found,
            bail=lease,
            ferme=is_closed(self.actor, espace.agence_id, FonctionPortail.JUSTIFICATIFS),
            valable=next((one for one in found if covers(one, self.actor.today)), None),
            a_remplacer=[one for one in found if one.etat in OUVERTS],
            en_attente=EtatRetour.DEMANDE.value,
            jour=self.actor.today,
        )


def covers(row: Justificatif, jour: date) -> bool:
    """Tell whether a certificate is good today."""
    return bool(row.du <= jour <= row.au and row.etat not in (EtatRetour.REFUSE, EtatRetour.REMPLACE))


class Assurance(AssurancePage):
    """/e/<espace>/assurance"""

    access = Gesture.JUSTIFICATIF_READ
    titre = gettext_lazy("Assurance habitation")

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        return self.show(AttestationForm())


class AssuranceEnvoyer(AssurancePage):
    """POST /e/<espace>/assurance/envoyer"""

    access = Gesture.JUSTIFICATIF_SEND
    titre = gettext_lazy("Assurance habitation")

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        return self.back()

    def post(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        form = AttestationForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, 422)
        limit("justificatif", str(self.espace.acces_id), ENVOIS_PAR_JOUR, 86400,
              _("Vous avez envoyé beaucoup de fichiers aujourd’hui : réessayez demain."))  # fmt: skip
        data = form.cleaned_data
        content = data["fichier"].read(MAX_OCTETS + 1)
        depot = Depot(data["fichier"].name or "attestation", content, data["du"], data["au"])
        try:
            send_proof(self.actor, self.espace.acces_id, self.compte_id, depot, data["remplace"])
        except BusinessError as refusal:
            form.add_error("au" if refusal.code == "periode" else "fichier", str(refusal.message))
            return self.show(form, refusal.status)
        self.say(_("Votre attestation est envoyée : l’agence peut la lire."))
        return self.back()


class AssuranceFichier(AssurancePage):
    """/e/<espace>/assurance/<justificatif>: the file itself."""

    access = Gesture.JUSTIFICATIF_READ

    def get(self, request: HttpRequest, justificatif: UUID, **kwargs: object) -> HttpResponseBase:
        row = open_proof(self.actor, justificatif)
        if row.acces_id != self.espace.acces_id:
            raise Invisible
        return proof_response(request, self.actor, row)


def proof_response(request: HttpRequest, actor: Actor, row: Justificatif) -> HttpResponseBase:
    """Answer with a proof, decrypted with its own key; say plainly when the vault no longer holds it whole."""
    key = proof_key(agence_key(actor, row.agence_id), str(row.id))
    try:
        return file_response(
            request, key, row.adresse, row.octets, name=row.nom_fichier, mime=row.mime, etag=row.sha256
        )
    except DamagedFile:
        message = _("Ce fichier est abîmé dans notre stockage : il n’est pas servi. Envoyez-le à nouveau.")
        raise BusinessError("fichier_abime", message, status=409) from None


class AssuranceSupprimer(AssurancePage):
    """POST /e/<espace>/assurance/<justificatif>/supprimer"""

    access = Gesture.JUSTIFICATIF_SEND

    def post(self, request: HttpRequest, justificatif: UUID, **kwargs: object) -> HttpResponse:
        delete_proof(self.actor, self.espace.acces_id, self.compte_id, justificatif)
        self.say(_("L’attestation est supprimée, et son fichier effacé."))
        return self.back()
