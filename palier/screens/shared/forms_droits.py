"""Forms about the rights of persons: they parse, and never save."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from palier.vie_privee.enums import DroitDemande, SortDonnees

_OBLIGATOIRE = {"required": _("Remplissez ce champ.")}


def _message(label: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=5000, required=required, widget=forms.Textarea, error_messages=_OBLIGATOIRE
    )


class DemandeForm(forms.Form):
    """A signed-in person asks."""

    droit = forms.ChoiceField(label=_("Le droit que vous exercez"), choices=DroitDemande.choices)
    message = _message(_("Votre demande, avec vos mots"))
    a = forms.MultipleChoiceField(
        label=_("À qui"), error_messages={"required": _("Choisissez à qui s’adresse la demande.")},
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, destinataires: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["a"].choices = destinataires  # type: ignore[attr-defined]


class DemandePubliqueForm(forms.Form):
    """Somebody without an account asks."""

    nom = forms.CharField(label=_("Votre nom"), max_length=200, error_messages=_OBLIGATOIRE)
    email = forms.EmailField(
        label=_("Votre adresse e-mail"), max_length=254,
        error_messages={**_OBLIGATOIRE, "invalid": _("Cette adresse n’est pas complète : vérifiez-la.")},
    )  # fmt: skip
    agence = forms.ChoiceField(label=_("À qui vous adressez-vous"), required=False)
    droit = forms.ChoiceField(label=_("Le droit que vous exercez"), choices=DroitDemande.choices)
    message = _message(_("Votre demande, avec vos mots"))

    def __init__(self, *args: Any, agences: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agence"].choices = agences  # type: ignore[attr-defined]


class DirectiveForm(forms.Form):
    """What is to become of the account after a death."""

    sort = forms.ChoiceField(
        label=_("Après mon décès"), choices=SortDonnees.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez ce qui doit être fait.")},
    )  # fmt: skip
    destinataire_nom = forms.CharField(label=_("Nom de la personne désignée"), max_length=200, required=False)
    destinataire_email = forms.EmailField(
        label=_("Son adresse e-mail"), max_length=254, required=False,
        error_messages={"invalid": _("Cette adresse n’est pas complète : vérifiez-la.")},
    )  # fmt: skip
    precisions = _message(_("Ce que je souhaite préciser"), required=False)
    accord = forms.BooleanField(
        label=_("J’y consens spécialement, en dehors de toute acceptation des conditions d’utilisation"),
        error_messages={"required": _("Sans votre accord exprès, rien n’est enregistré.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("sort") == SortDonnees.TRANSMETTRE:
            for name in ("destinataire_nom", "destinataire_email"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, ValidationError(_("Dites à qui remettre la copie.")))
        return data
