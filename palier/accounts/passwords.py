"""What a password must be: long, not guessable, not already leaked. No composition, no forced rotation.

CNIL, délibération 2022-100: at least 50 bits when attempts are throttled, as ours are. Length 12 for clients and
15 for staff is our own choice above it (security.md, second paragraph). Digits alone under 16 stay below 50 bits.
"""

import functools
import gzip
import math
import unicodedata
from pathlib import Path

import django.contrib.auth.password_validation as django_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGUEUR_CLIENT = 12
LONGUEUR_EQUIPE = 15
LONGUEUR_MAXIMALE = 128
BITS = 50
CHIFFRES_SEULS = 16
# Phrases that our own pages print as examples: the first that an attacker would try.
EXEMPLES = frozenset({"le chat du troisième aime la pluie"})


@functools.cache
def leaked_passwords() -> frozenset[str]:
    """Return the offline list of known leaked passwords (20,000, shipped with Django; lower case)."""
    path = Path(django_validation.__file__).parent / "common-passwords.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return frozenset(line.strip() for line in lines)


def estimated_bits(password: str) -> float:
    """Return log2(N^L), the CNIL's measure: L symbols of an alphabet of N."""
    alphabet = 0
    alphabet += 26 if any(c.islower() for c in password) else 0
    alphabet += 26 if any(c.isupper() for c in password) else 0
    alphabet += 10 if any(c.isdigit() for c in password) else 0
    alphabet += 32 if any(not c.isalnum() for c in password) else 0
    # « aaaaaaaaaaaa » is one symbol repeated: what is counted is what varies.
    varied = len(password) if len(set(password)) >= 5 else len(set(password))
    return varied * math.log2(alphabet or 1)


def refusals(password: str, *, minimum: int = LONGUEUR_CLIENT, context: tuple[str, ...] = ()) -> list[str]:
    """Return why ``password`` is refused, in French sentences that say what to do; empty when it is accepted.

    ``context``: words that an attacker would try first (the e-mail's name, the person's, the agence's).
    """
    password = unicodedata.normalize("NFC", password)
    lowered = password.lower()
    if "\x00" in password:
        return [_("Le mot de passe contient un caractère invisible : saisissez-le au clavier.")]
    if len(password) > LONGUEUR_MAXIMALE:
        return [_("Le mot de passe dépasse %(n)d caractères : raccourcissez-le.") % {"n": LONGUEUR_MAXIMALE}]
    if len(password) < minimum:
        return [
            _("Il faut au moins %(n)d caractères : ajoutez un ou deux mots, une phrase convient très bien.")
            % {"n": minimum}
        ]
    if password.isdigit() and len(password) < CHIFFRES_SEULS:
        return [_("Des chiffres seuls se devinent trop vite : ajoutez des mots.")]
    if any(word in EXEMPLES or word in leaked_passwords() for word in (lowered, _without_tail(lowered))):
        return [_("Ce mot de passe figure dans des listes volées et publiées : choisissez-en un autre.")]
    if any(
        len(word) >= 4 and lowered.replace(word, "", 1).strip("0123456789 .-_!") == ""
        for word in _words(context)
    ):
        return [
            _(
                "Ce mot de passe reprend votre nom, votre adresse ou celui de l'agence : choisissez-en un autre."
            )
        ]
    if estimated_bits(password) < BITS or _guessable(password, context):
        return [_("Ce mot de passe se devine trop facilement : ajoutez un mot sans rapport avec les autres.")]
    return []


def _without_tail(password: str) -> str:
    return password.rstrip("0123456789!.?*-_ ")


def _words(context: tuple[str, ...]) -> set[str]:
    words: set[str] = set()
    for text in context:
        words.update(
            part for part in text.lower().replace("@", " ").replace(".", " ").replace("-", " ").split()
        )
        words.add(text.lower().replace(" ", ""))
    return words


def _guessable(password: str, context: tuple[str, ...]) -> bool:
    """Tell whether zxcvbn would find the password within ten thousand million guesses."""
    from zxcvbn import zxcvbn

    return bool(zxcvbn(password[:72], user_inputs=list(_words(context)))["guesses"] < 10**10)


class PasswordRule:
    """The rule as Django and allauth call it (reset, change)."""

    def validate(self, password: str, user: object | None = None) -> None:
        email = str(getattr(user, "email", "") or "")
        is_staff = (
            getattr(user, "is_exploitant", False)
            or getattr(user, "is_dpo", False)
            or getattr(user, "equipe", False)
        )
        minimum = LONGUEUR_EQUIPE if is_staff else LONGUEUR_CLIENT
        found = refusals(password, minimum=minimum, context=(email.partition("@")[0],))
        if found:
            raise ValidationError(found, code="mot_de_passe")

    def get_help_text(self) -> str:
        return str(_("Au moins %(n)d caractères. Une phrase que vous retiendrez convient très bien.")) % {
            "n": LONGUEUR_CLIENT
        }
