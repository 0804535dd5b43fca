"""Forms of the public pages: they parse, they never save."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from palier.acces.rules import codes as rules
from palier.acces.verification import fault_message
from palier.accounts.forms import AdresseField
from palier.accounts.passwords import LONGUEUR_CLIENT, LONGUEUR_EQUIPE, refusals


class CodeField(forms.CharField):
    """A field that reads an identifier or a secret as it may be typed."""

    def __init__(self, *, secret: bool, **kwargs: Any) -> None:
        self.secret = secret
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return rules.normalised_secret(typed) if self.secret else rules.normalised_identifier(typed)
        except rules.CodeFault as fault:
            raise ValidationError(fault_message(str(fault.args[0]), self.secret)) from None


class ActiverForm(forms.Form):
    """Identifier and code, as printed on the letter."""

    identifiant = CodeField(
        secret=False,
        label=_("Identifiant"),
        error_messages={"required": _("Recopiez l’identifiant imprimé sur le courrier.")},
    )
    secret = CodeField(
        secret=True,
        label=_("Code"),
        error_messages={"required": _("Recopiez le code imprimé sous l’identifiant.")},
    )


class EmailForm(forms.Form):
    """An e-mail address alone."""

    email = AdresseField()


class MotDePasseForm(forms.Form):
    """A password alone, asked again."""

    password = forms.CharField(
        label=_("Mot de passe"),
        strip=False,
        max_length=512,
        widget=forms.PasswordInput,
        error_messages={"required": _("Saisissez votre mot de passe.")},
    )


class TextesForm(forms.Form):
    """The two boxes: accept the terms, say that the policy was read. Neither is ticked beforehand."""

    cgu = forms.BooleanField(
        label=_("J’accepte les conditions d’utilisation"),
        error_messages={
            "required": _("Cochez la case pour accepter les conditions d’utilisation : le compte en dépend.")
        },
    )
    politique = forms.BooleanField(
        label=_("J’ai lu la politique de confidentialité"),
        error_messages={
            "required": _(
                "Ouvrez la politique de confidentialité, puis cochez la case pour dire que vous l’avez lue."
            )
        },
    )


class NouveauMotDePasse(forms.Form):
    """A new password, judged with the words that an attacker would try first."""

    minimum = LONGUEUR_CLIENT
    password = forms.CharField(
        label=_("Choisissez un mot de passe"),
        strip=False,
        max_length=512,
        widget=forms.PasswordInput,
        error_messages={
            "required": _("Choisissez un mot de passe."),
            "max_length": _("Ce mot de passe est trop long."),
        },
    )

    def __init__(self, *args: Any, contexte: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.contexte = contexte
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password")
        if password:
            words = (*self.contexte, str(cleaned.get("email", "")).partition("@")[0])
            for message in refusals(password, minimum=self.minimum, context=words):
                self.add_error("password", message)
        return cleaned


class CompteForm(TextesForm, NouveauMotDePasse):
    """What creates an account."""

    email = AdresseField()
    field_order = ("email", "password", "cgu", "politique")


class EquipeForm(TextesForm, NouveauMotDePasse):
    """What creates a member of staff's account: the address is the invitation's."""

    minimum = LONGUEUR_EQUIPE
    field_order = ("password", "cgu", "politique")


class RattacherForm(forms.Form):
    """The explicit confirmation asked when the names differ."""

    confirme = forms.BooleanField(
        required=False, label=_("Je suis chargé de suivre ce dossier pour cette personne")
    )
