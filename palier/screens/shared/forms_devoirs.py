"""Forms of the processor's duties: they parse, the actions decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from palier.vie_privee.enums import BaseCommunication, EffetInstruction

_OBLIGATOIRE = {"required": _("Remplissez ce champ.")}
_DATE = {**_OBLIGATOIRE, "invalid": _("Écrivez une date, par exemple 2027-01-15.")}


def _text(label: Any, longest: int, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    too_long = {"max_length": _("C’est trop long : %(limit_value)d caractères au plus.")}
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=help_text,
        error_messages={**_OBLIGATOIRE, **too_long},
    )


class SousTraitantForm(forms.Form):
    """A provider to announce."""

    nom = _text(_("Nom du prestataire"), 200)
    role = _text(_("Ce qu’il fait"), 200)
    donnees = _text(_("Données concernées"), 300)
    pays = forms.RegexField(
        label=_("Pays"), regex=r"^[A-Za-z]{2}$", help_text=_("Deux lettres : FR, DE, IE…"),
        error_messages={**_OBLIGATOIRE, "invalid": _("Écrivez deux lettres, par exemple FR.")},
    )  # fmt: skip
    lieu = _text(_("Lieu d’hébergement"), 200, required=False)
    depuis = forms.DateField(label=_("À partir du"), error_messages=_DATE)


class CommunicationForm(forms.Form):
    """A disclosure, or the consent to ask for one."""

    base = forms.ChoiceField(label=_("Base légale"), choices=BaseCommunication.choices)
    destinataire = _text(_("À qui"), 200)
    donnees = _text(_("Quelles données"), 300)
    motif = _text(_("Pourquoi"), 1000)
    article = _text(
        _("Texte ou décision"), 200, required=False, help_text=_("Obligatoire si la loi est la base.")
    )
    email = forms.EmailField(
        label=_("Compte concerné (adresse e-mail)"), required=False,
        error_messages={"invalid": _("Cette adresse e-mail n’est pas complète.")},
    )  # fmt: skip


class ObligationForm(forms.Form):
    """A legal obligation to tell an agence of."""

    texte = forms.CharField(
        label=_("Ce que la loi oblige à faire"),
        max_length=2000,
        widget=forms.Textarea,
        error_messages=_OBLIGATOIRE,
    )
    article = _text(_("Texte ou décision"), 200)
    prevue_le = forms.DateField(label=_("Date du traitement"), error_messages=_DATE)
    secrete = forms.BooleanField(label=_("Ce texte interdit d’en informer l’agence"), required=False)


class InstructionForm(forms.Form):
    """An instruction of the agence to its processor."""

    texte = forms.CharField(
        label=_("Instruction"), max_length=4000, widget=forms.Textarea, error_messages=_OBLIGATOIRE
    )
    effet = forms.ChoiceField(label=_("Effet dans le portail"), choices=EffetInstruction.choices)
    parametre = _text(
        _("Pays (pour un transfert)"), 2, required=False, help_text=_("Deux lettres, par exemple GB.")
    )
