"""The form of a feed: it parses, the actions decide and save."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

JOURS = [
    (1, _("Lundi")), (2, _("Mardi")), (3, _("Mercredi")), (4, _("Jeudi")), (5, _("Vendredi")), (6, _("Samedi")),
    (7, _("Dimanche")),
]  # fmt: skip
TOLERANCE_MAX = 48 * 60
_OBLIGATOIRE = {"required": _("Remplissez ce champ.")}


class FluxForm(forms.Form):
    """A feed: its name, its folder, its source, its schedule."""

    nom = forms.CharField(
        label=_("Nom du flux"),
        max_length=80,
        help_text=_("Celui que votre équipe comprend : « Export de nuit de la comptabilité »."),
        error_messages={
            **_OBLIGATOIRE,
            "max_length": _("C’est trop long : %(limit_value)d caractères au plus."),
        },
    )
    source = forms.TypedChoiceField(
        label=_("Logiciel"), required=False, empty_value=None,
        help_text=_("Si elle n’est pas dans la liste, elle sera reconnue au premier envoi par le dossier."),
        error_messages={"invalid_choice": _("Choisissez une source de la liste.")},
    )  # fmt: skip
    dossier = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{0,39}$",
        label=_("Dossier surveillé"),
        required=False,
        help_text=_(
            "Le nom du dossier où votre serveur dépose : minuscules, chiffres et tirets. Vide : aucun."
        ),
        error_messages={"invalid": _("Minuscules sans accent, chiffres et tirets seulement, 40 au plus.")},
    )
    jours = forms.TypedMultipleChoiceField(
        label=_("Jours où il est attendu"), choices=JOURS, coerce=int, required=False,
        error_messages={"invalid_choice": _("Choisissez des jours de la liste.")},
    )  # fmt: skip
    heure = forms.TimeField(
        label=_("Heure attendue"),
        required=False,
        help_text=_("Heure de Paris. Un envoi jusqu’à douze heures en avance compte."),
        error_messages={"invalid": _("Écrivez une heure, par exemple 06:00.")},
    )
    tolerance_minutes = forms.IntegerField(
        label=_("Tolérance, en minutes"),
        min_value=0,
        max_value=TOLERANCE_MAX,
        help_text=_("Passé ce délai, le flux est dit en retard."),
        error_messages={
            **_OBLIGATOIRE,
            "invalid": _("Écrivez un nombre de minutes entier."),
            "min_value": _("Au moins %(limit_value)d minute."),
            "max_value": _("Au plus %(limit_value)d minutes."),
        },
    )
    feries = forms.BooleanField(label=_("Attendu aussi les jours fériés"), required=False)

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["source"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", _t("Pas encore connue")), *sources]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("jours") and "heure" in found and found["heure"] is None:
            self.add_error("heure", _t("Donnez l’heure à laquelle il est attendu ces jours-là."))
        if found.get("heure") and not found.get("jours"):
            self.add_error("jours", _t("Cochez les jours où il est attendu à cette heure."))
        if not self.errors and not found.get("dossier") and not found.get("jours"):
            raise forms.ValidationError(_t("Donnez un dossier à surveiller, un horaire, ou les deux."))
        return found
