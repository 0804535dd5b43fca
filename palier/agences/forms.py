"""Forms of the agences' room: they parse, the actions decide and save."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from palier.accounts.forms import AdresseField
from palier.agences.actions import AVIS_DELAI, RETOURS_MOIS, VALIDITE_CODE, VERSIONS_JOURS
from palier.agences.enums import RoleEquipe

_OBLIGATOIRE = {"required": _("Remplissez ce champ.")}
_EMAIL = {
    **_OBLIGATOIRE,
    "invalid": _("Cette adresse e-mail n’est pas complète : vérifiez-la, par exemple nom@agence.fr."),
}


def _text(label: Any, longest: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        error_messages={
            **_OBLIGATOIRE,
            "max_length": _("C’est trop long : %(limit_value)d caractères au plus."),
        },
    )


def _email(label: Any, *, required: bool = True) -> forms.EmailField:
    return forms.EmailField(label=label, max_length=254, required=required, error_messages=_EMAIL)


def _account_email(label: Any) -> AdresseField:
    """Return the field of an address that somebody will sign in with."""
    return AdresseField(label=label, error_messages=_EMAIL)


class InvitationForm(forms.Form):
    """Whom to invite to the staff."""

    nom = _text(_("Nom et prénom"), 200)
    email = _account_email(_("Adresse e-mail professionnelle"))
    role = forms.ChoiceField(
        label=_("Ce que cette personne pourra faire"), choices=RoleEquipe.choices, widget=forms.RadioSelect
    )


class ReglagesForm(forms.Form):
    """What an agence's administrator decides."""

    telephone = _text(
        _("Téléphone"), 30, required=False, help_text=_("Montré à vos clients, et sur les lettres de code.")
    )
    email = _email(_("Adresse e-mail de l’agence"), required=False)
    adresse = _text(_("Adresse postale"), 300, required=False)
    validite_code_jours = forms.IntegerField(
        label=_("Durée d’un code d’accès, en jours"),
        min_value=VALIDITE_CODE[0],
        max_value=VALIDITE_CODE[1],
        help_text=_("Vaut pour les prochains codes. 90 jours conviennent à un courrier."),
        error_messages={
            **_OBLIGATOIRE,
            "invalid": _("Écrivez un nombre de jours entier."),
            "min_value": _("Un code vaut au moins %(limit_value)d jour."),
            "max_value": _("Un code vaut au plus %(limit_value)d jours."),
        },
    )
    avis_delai_heures = forms.IntegerField(
        label=_("Délai avant de prévenir des nouveaux documents, en heures"),
        min_value=AVIS_DELAI[0],
        max_value=AVIS_DELAI[1],
        help_text=_("Un import annulé pendant ce délai ne prévient personne. 0 : aussitôt."),
        error_messages={
            **_OBLIGATOIRE,
            "invalid": _("Écrivez un nombre d’heures entier."),
            "min_value": _("Le délai est d’au moins %(limit_value)d heure."),
            "max_value": _("Le délai est d’au plus %(limit_value)d heures."),
        },
    )
    versions_jours = forms.IntegerField(
        label=_("Garde des états antérieurs après un import, en jours"),
        min_value=VERSIONS_JOURS[0],
        max_value=VERSIONS_JOURS[1],
        help_text=_("Ce qui permet d’annuler un import. Au-delà, ils sont effacés."),
        error_messages={
            **_OBLIGATOIRE,
            "invalid": _("Écrivez un nombre de jours entier."),
            "min_value": _("Gardez-les au moins %(limit_value)d jours."),
            "max_value": _("Gardez-les au plus %(limit_value)d jours."),
        },
    )
    retours_mois = forms.IntegerField(
        label=_("Garde des retours réglés, en mois"),
        min_value=RETOURS_MOIS[0],
        max_value=RETOURS_MOIS[1],
        help_text=_(
            "Coordonnées proposées, attestations, fichiers transmis. Cinq ans au plus : le délai d’une réclamation"
            " (C. civ. art. 2224). Les accords, qui font preuve, restent le temps du contrat."
        ),
        error_messages={
            **_OBLIGATOIRE,
            "invalid": _("Écrivez un nombre de mois entier."),
            "min_value": _("Gardez-les au moins %(limit_value)d mois."),
            "max_value": _("Gardez-les au plus %(limit_value)d mois."),
        },
    )
    couleur = forms.RegexField(
        r"^#[0-9a-fA-F]{6}$",
        label=_("Couleur de l’agence"),
        error_messages={
            **_OBLIGATOIRE,
            "invalid": _("Écrivez # suivi de six chiffres ou lettres de a à f, par exemple #3a5a78."),
        },
    )


class AgenceForm(forms.Form):
    """A new agence, and whom to invite first."""

    nom = _text(_("Nom de l’agence"), 200)
    slug = _text(
        _("Adresse courte"),
        60,
        help_text=_("Minuscules sans accent, chiffres et tirets : agence-du-tilleul. Elle ne change plus."),
    )
    contrat_debut = forms.DateField(
        label=_("Début du contrat"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Cette date n’existe pas.")},
    )  # fmt: skip
    telephone = _text(_("Téléphone"), 30, required=False)
    admin_nom = _text(_("Nom du premier administrateur"), 200)
    admin_email = _account_email(_("Son adresse e-mail"))


class AdministrateurForm(forms.Form):
    """Whom to invite to administer an agence that exists."""

    admin_nom = _text(_("Nom de l’administrateur"), 200)
    admin_email = _account_email(_("Son adresse e-mail"))


class ExpediteurForm(forms.Form):
    """The name that the agence's mails bear."""

    expediteur = _text(
        _("Nom d’expéditeur"),
        80,
        required=False,
        help_text=_("Ce que vos clients lisent devant l’objet. Vide : le nom de l’agence. L’adresse reste celle du portail."),
    )  # fmt: skip


class PointContactForm(forms.Form):
    """Whom a client may reach."""

    nom = _text(_("Nom de la personne ou du service"), 120)
    fonction = _text(_("Fonction"), 120, required=False)
    telephone = _text(_("Téléphone"), 30, required=False)
    email = _email(_("Adresse e-mail"), required=False)
    horaires = _text(
        _("Horaires"), 200, required=False, help_text=_("Par exemple : du lundi au vendredi, 9 h à 12 h.")
    )
    unite = forms.ChoiceField(
        label=_("Pour quels clients"),
        required=False,
        error_messages={"invalid_choice": _("Choisissez un lieu de la liste.")},
    )

    def __init__(self, *args: Any, unites: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unite"].choices = [  # type: ignore[attr-defined]
            ("", _("Tous les clients de l’agence")),
            *((str(row.id), row.libelle) for row in unites),
        ]

    def facts(self) -> dict[str, Any]:
        """Return the values as ``save_point`` takes them."""
        data = {name: value for name, value in self.cleaned_data.items() if name != "unite"}
        return {**data, "unite_id": UUID(self.cleaned_data["unite"]) if self.cleaned_data["unite"] else None}
