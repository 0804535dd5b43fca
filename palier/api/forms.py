"""Forms of the API's room: they parse, the actions decide and save."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from palier.api.enums import Portee

_OBLIGATOIRE = {"required": _("Remplissez ce champ.")}


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


class SourceForm(forms.Form):
    """Which back-office's database it is about, as dossier.json names it."""

    logiciel = _text(_("Logiciel"), 60, help_text=_("Tel que dossier.json le nomme, par exemple spi."))
    base = _text(_("Base"), 60, help_text=_("Tel que dossier.json la nomme, par exemple principale."))


class CleForm(SourceForm):
    """A new key."""

    nom = _text(_("Nom de la clé"), 100, help_text=_("Pour la reconnaître : « envoi de nuit », par exemple."))
    portees = forms.MultipleChoiceField(
        label=_("Ce que cette clé permet"),
        choices=Portee.choices,
        error_messages={"required": _("Choisissez au moins une chose que cette clé pourra faire.")},
    )
    expire_le = forms.DateField(
        label=_("Dernier jour"),
        required=False,
        help_text=_("Vide : la clé vaut jusqu’à ce que vous la révoquiez."),
        error_messages={"invalid": _("Cette date n’existe pas.")},
    )
    reseaux = forms.CharField(
        label=_("Réseaux admis"),
        required=False,
        max_length=1000,
        help_text=_("Adresses IP ou réseaux d’où la clé peut servir, un par ligne. Vide : de partout."),
    )

    field_order = ("nom", "logiciel", "base", "portees", "expire_le", "reseaux")

    def clean_expire_le(self) -> datetime | None:
        """The end of the last day, in the agence's time."""
        day = self.cleaned_data["expire_le"]
        return timezone.make_aware(datetime.combine(day, time.max)) if day else None


class CrochetForm(SourceForm):
    """A new webhook."""

    url = _text(_("Adresse à appeler"), 500, help_text=_("Une adresse publique qui commence par https://."))

    field_order = ("url", "logiciel", "base")
