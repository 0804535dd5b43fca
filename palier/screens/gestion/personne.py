"""``/g/<agence>/personnes/<acces>``: one person as the back-office knows it, its titles, its access and its history."""

from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palier.acces.codes import issue_code, revoke_codes
from palier.acces.enums import EtatAcces, GenreCercle, QualiteEspace
from palier.acces.envoi_codes import email_codes
from palier.acces.lettres import letters_pdf
from palier.acces.rattachement import dissociate
from palier.agences.actions import record_reading
from palier.core.access import Gesture
from palier.core.actor import STAFF
from palier.core.errors import BusinessError, Invisible
from palier.core.streaming import disposition
from palier.patrimoine.enums import FonctionConseil, QualiteTitulaire, RoleCompte
from palier.retours.enums import OUVERTS
from palier.screens.gestion import mots
from palier.screens.gestion.base import Desk
from palier.screens.gestion.queries.base import Row, as_json, as_rows
from palier.screens.gestion.queries.personne import person
from palier.screens.gestion.tableau import TONS


def full_name(row: Row) -> str:
    """Return « Mme Jeanne Lefèvre »."""
    return " ".join(part for part in (row.civilite, row.prenom, row.nom) if part)


class PersonneBase(Desk):
    """A page about one person of the agence."""

    abstract_screen: ClassVar[bool] = True
    actif: ClassVar[str] = "personnes"
    whole: ClassVar[bool] = False
    personne: Row

    def prepare(self) -> None:
        super().prepare()
        found = person(self.actor, self.kwargs["acces"], page=self.whole)
        if found is None:
            raise Invisible
        self.personne = found
        self.page.titre = full_name(found)

    @property
    def acces_id(self) -> UUID:
        """The access that the address names, seen by this actor."""
        found: UUID = self.personne.id
        return found

    def back(self) -> HttpResponse:
        """Send the browser to the person's page."""
        return self.go("personne", acces=self.acces_id)


class Personne(PersonneBase):
    """The person's page."""

    access = Gesture.PERSONNE_READ
    template: ClassVar[str] = "gestion/personne.html"
    whole: ClassVar[bool] = True

    def get(self, request: HttpRequest, agence: str, acces: UUID) -> HttpResponse:
        espaces = as_rows(self.personne.espaces)
        if self.actor.role in STAFF:  # the support's pages are written down at its door
            record_reading(self.actor, self.acces_id)
        return self.render(
            personne=self.personne,
            comptes=[compte_vu(row) for row in as_rows(self.personne.comptes)],
            conseil=as_rows(self.personne.conseil),
            espaces=[(row, [dict(c) for c in as_rows(list(row.cercles or ()))]) for row in espaces],
            ouvert=any(row.ouvert for row in espaces),
            lignes=self.personne.lignes,
            retours=self.personne.retours,
            chiffres=[_figure(row) for row in self.personne.chiffres[1:]],
            origine=self.personne.chiffres[0],
            retours_ouverts=[str(e.value) for e in OUVERTS],
            etat=EtatAcces(self.personne.etat),
            ton=TONS[self.personne.etat],
            mots=mots,
            limites=as_json(self.personne.limites) or [],
            libelles=WORDS,
        )


def _figure(row: Row) -> dict[str, Any]:
    """Return a figure with its words: what it is, for which account or lease."""
    words = {
        "comptes": _("Solde du compte %(numero)s"),
        "baux": _("Loyer du bail n° %(numero)s"),
        "echeances": _("Échéance, compte %(numero)s"),
        "mouvements": _("Écriture, compte %(numero)s"),
    }[row.nom_table] % {"numero": row.compte}
    return {**row, "quoi": words, "montant": Decimal(row.montant) if row.montant else None}


WORDS: dict[str, dict[str, Any]] = {
    "qualite": dict(QualiteEspace.choices),
    "role": dict(RoleCompte.choices),
    "titulaire": dict(QualiteTitulaire.choices),
    "fonction": dict(FonctionConseil.choices),
    "cercle": {**dict(GenreCercle.choices), GenreCercle.COMPTE.value: gettext_lazy("Le compte")},
}


def compte_vu(row: Row) -> dict[str, Any]:
    """Return a title with its lots, mandates and leases read."""
    mandats = [{**m, "lots": as_rows(m["lots"])} for m in as_rows(row.mandats)]
    baux = [{**b, "lots": as_rows(b["lots"])} for b in as_rows(row.baux)]
    return {**row, "lots": as_rows(row.lots), "mandats": mandats, "baux": baux}


class CodeLettre(PersonneBase):
    """Issue a code and hand out its letter at once: the secret is shown here and nowhere else."""

    access = Gesture.CODE_ISSUE

    def post(self, request: HttpRequest, agence: str, acces: UUID) -> HttpResponse:
        code = issue_code(self.actor, self.acces_id, "courrier")
        name = f"code-{code.identifiant}.pdf"
        return pdf_response(letters_pdf(self.actor, self.agence, [code]), name)


class CodeCourriel(PersonneBase):
    """Issue a code and send it to the address that the back-office holds."""

    access = Gesture.CODE_ISSUE

    def post(self, request: HttpRequest, agence: str, acces: UUID) -> HttpResponse:
        email_codes(self.actor, [self.acces_id])
        self.say(_("Un code part à %(email)s. Le précédent ne vaut plus.") % {"email": self.personne.email})
        return self.back()


def pdf_response(content: bytes, name: str) -> HttpResponse:
    """Answer with a PDF that is kept nowhere."""
    headers = {"Content-Disposition": disposition(name), "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


class CodeRevoquer(PersonneBase):
    """Revoke the live code."""

    access = Gesture.CODE_REVOKE

    def post(self, request: HttpRequest, agence: str, acces: UUID) -> HttpResponse:
        if revoke_codes(self.actor, [self.acces_id]):
            self.say(_("Le code est révoqué : il n’ouvre plus rien."))
        else:
            self.say(_("Aucun code en cours de validité : il n’y avait rien à révoquer."))
        return self.back()


class Dissocier(PersonneBase):
    """Ask, then take the account off the access."""

    access = Gesture.ACCES_DISSOCIATE
    template: ClassVar[str] = "gestion/dissocier.html"

    def get(self, request: HttpRequest, agence: str, acces: UUID) -> HttpResponse:
        if self.personne.etat != EtatAcces.RATTACHE:
            raise BusinessError(
                "non_rattache", _("Cet accès n’est rattaché à aucun compte : il n’y a rien à dissocier.")
            )
        return self.render(
            personne=self.personne, espaces=[row for row in as_rows(self.personne.espaces) if row.ouvert]
        )

    def post(self, request: HttpRequest, agence: str, acces: UUID) -> HttpResponse:
        dissociate(self.actor, self.acces_id)
        self.say(_("Le compte est dissocié. La personne est prévenue par e-mail."))
        return self.back()
