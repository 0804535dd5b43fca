"""Fields of the accounts' room."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _


class AdresseField(forms.EmailField):
    """An e-mail address, in lower case; look-alikes of another alphabet are refused (K7)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Votre adresse e-mail"))
        kwargs.setdefault(
            "error_messages",
            {
                "required": _("Saisissez votre adresse e-mail."),
                "invalid": _("Cette adresse n’est pas complète : elle s’écrit comme prenom.nom@exemple.fr."),
            },
        )
        super().__init__(max_length=254, **kwargs)

    def clean(self, value: Any) -> str:
        email = str(super().clean(value)).lower()
        if not email.isascii():
            raise ValidationError(
                _t("Cette adresse contient une lettre accentuée ou d’un autre alphabet : vérifiez-la."),
                code="invalid",
            )
        return email
