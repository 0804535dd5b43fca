"""Forms of the returns' room: they parse, the actions decide and save."""

from typing import Any

from babel import Locale
from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from palier.retours.rules import coordonnees as rules
from palier.retours.rules.coordonnees import CHAMPS, CoordonneeInvalide

_FAUTES = {
    "telephone": _("Ce numéro n’est pas complet : dix chiffres, par exemple 06 12 34 56 78, ou + et l’indicatif du pays."),
    "mobile": _("Un mobile commence par 06 ou 07 : écrivez les autres numéros dans « Téléphone fixe »."),
    "code_postal": _("Ce code postal n’est pas complet : cinq chiffres en France, par exemple 31000."),
    "email": _("Cette adresse e-mail n’est pas complète : vérifiez-la, par exemple nom@exemple.fr."),
    "ligne": _("Une adresse ne commence pas par =, +, - ou @ : retirez ce signe."),
}  # fmt: skip
_REMPLIR = _("Remplissez ce champ.")


def countries() -> list[tuple[str, str]]:
    """Return the countries by name in the reader's language, France first."""
    names = Locale.parse((get_language() or "fr")[:2]).territories
    found = sorted(
        ((code, str(name)) for code, name in names.items() if len(code) == 2 and code.isalpha()),
        key=lambda pair: pair[1],
    )
    skipped = {"FR", "EU", "UN", "EZ", "ZZ", "XA", "XB", "QO"}
    return [("FR", str(names["FR"]))] + [pair for pair in found if pair[0] not in skipped]


def _text(label: Any, longest: int, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=longest,
        required=False,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": autocomplete}),
        error_messages={"max_length": _("C’est trop long : %(limit_value)d caractères au plus.")},
    )


class CoordonneesForm(forms.Form):
    """Contact details as they should be. What is left as it was is not judged: it is not ours."""

    adresse_1 = _text(_("Numéro et rue"), 120, "address-line1")
    adresse_2 = _text(_("Complément : bâtiment, étage, lieu-dit"), 120, "address-line2")
    code_postal = _text(_("Code postal"), 12, "postal-code")
    ville = _text(_("Ville"), 100, "address-level2")
    pays = forms.ChoiceField(label=_("Pays"), required=False)
    telephone_mobile = _text(_("Téléphone mobile"), 30, "tel", _("Laissez vide si vous n’en avez plus."))
    telephone_fixe = _text(_("Téléphone fixe"), 30, "tel-national", _("Laissez vide si vous n’en avez plus."))
    email = _text(
        _("Adresse e-mail connue de l’agence"),
        254,
        "email",
        _("Elle peut différer de celle de votre compte Palier, qui ne change pas ici."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pays"].choices = countries()  # type: ignore[attr-defined]

    def _changed(self, rubrique: str) -> bool:
        return any(
            str(self.cleaned_data.get(champ) or "").strip() != str(self.initial.get(champ) or "").strip()
            for champ in CHAMPS[rubrique]
        )

    def _rule(self, champ: str, function: Any, **options: Any) -> str:
        try:
            found: str = function(str(self.cleaned_data.get(champ) or ""), **options)
        except CoordonneeInvalide as refusal:
            self.add_error(champ, _FAUTES[refusal.code])
            return ""
        return found

    def clean(self) -> dict[str, Any]:
        """Keep, heading by heading, what the person really changed, written the one way."""
        valeurs: dict[str, dict[str, str]] = {}
        if not self.errors:
            if self._changed("adresse"):
                valeurs["adresse"] = self._adresse()
            if self._changed("telephone_mobile"):
                mobile = self._rule("telephone_mobile", rules.telephone, mobile=True)
                valeurs["telephone_mobile"] = {"telephone_mobile": mobile}
            if self._changed("telephone_fixe"):
                valeurs["telephone_fixe"] = {"telephone_fixe": self._rule("telephone_fixe", rules.telephone)}
            if self._changed("email"):
                valeurs["email"] = {"email": self._email()}
        return {**self.cleaned_data, "valeurs": valeurs}

    def _email(self) -> str:
        if not str(self.cleaned_data.get("email") or "").strip():
            self.add_error(
                "email", _t("Une adresse e-mail se remplace, elle ne s’efface pas ici : appelez l’agence.")
            )
            return ""
        return self._rule("email", rules.email)

    def _adresse(self) -> dict[str, str]:
        found = {champ: self._rule(champ, rules.ligne) for champ in ("adresse_1", "adresse_2", "ville")}
        pays = str(self.cleaned_data.get("pays") or "FR")
        for champ in ("adresse_1", "code_postal", "ville"):
            if not str(self.cleaned_data.get(champ) or "").strip():
                self.add_error(champ, _REMPLIR)
        if not self.has_error("code_postal"):
            found["code_postal"] = self._rule("code_postal", rules.code_postal, pays=pays)
        return {**found, "pays": pays}


class AttestationForm(forms.Form):
    """An insurance certificate: its file and the period that it covers."""

    fichier = forms.FileField(
        label=_("L’attestation"),
        error_messages={
            "required": _("Choisissez le fichier de votre attestation."),
            "empty": _("Ce fichier est vide : choisissez-en un autre."),
            "invalid": _("Choisissez le fichier de votre attestation."),
        },
    )
    du = forms.DateField(
        label=_("Valable du"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": _REMPLIR,
            "invalid": _("Écrivez une date, par exemple 01/09/2026."),
        },
    )
    au = forms.DateField(
        label=_("Jusqu’au"),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={
            "required": _REMPLIR,
            "invalid": _("Écrivez une date, par exemple 31/08/2027."),
        },
    )
    remplace = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Dates of our own centuries only."""
        for champ in ("du", "au"):
            value = self.cleaned_data.get(champ)
            if value is not None and not 1990 <= value.year <= 2100:
                self.add_error(champ, _t("Cette année n’est pas vraisemblable : vérifiez la date."))
        return self.cleaned_data


class RefusForm(forms.Form):
    """Why the agence refuses."""

    motif = forms.CharField(
        label=_("Motif, que la personne lira"),
        max_length=300,
        widget=forms.Textarea,
        error_messages={
            "required": _("Écrivez pourquoi : la personne lira ce motif."),
            "max_length": _("C’est trop long : %(limit_value)d caractères au plus."),
        },
    )
