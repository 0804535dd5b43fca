"""Contact details: what is well formed, how it is written down, and what may be shown of the old ones."""

import re

#: The columns of each heading, named as in the table ``tiers`` of the dossier.
CHAMPS: dict[str, tuple[str, ...]] = {
    "adresse": ("adresse_1", "adresse_2", "code_postal", "ville", "pays"),
    "telephone_mobile": ("telephone_mobile",),
    "telephone_fixe": ("telephone_fixe",),
    "email": ("email",),
}
#: After this many days without a word from the person, the portal asks whether they still hold (A9).
FRAICHEUR_JOURS = 365

_EMAIL = re.compile(r"[^@\s=+\-][^@\s]*@(?:[^@\s.]+\.)+[^@\s.]{2,}")
_FORMULES = ("=", "+", "-", "@")


class CoordonneeInvalide(ValueError):
    """A value that no letter, call or mail would reach; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def telephone(texte: str, *, mobile: bool = False) -> str:
    """Return a number as 0612345678, or 00 and the country code for a foreign one; "" for none.

    Raises ``CoordonneeInvalide``: ``telephone`` (not a number), ``mobile`` (a French number that is not mobile).
    """
    brut = re.sub(r"[\s.\-/()\u00a0\u202f]", "", texte)
    if not brut:
        return ""
    chiffres = re.sub(r"^(\+|00)33\(?0?\)?", "0", brut)
    chiffres = re.sub(r"^\+", "00", chiffres)
    if re.fullmatch(r"00[1-9][0-9]{6,13}", chiffres):
        return chiffres
    if not re.fullmatch(r"0[1-9][0-9]{8}", chiffres):
        raise CoordonneeInvalide("telephone")
    if mobile and chiffres[1] not in "67":
        raise CoordonneeInvalide("mobile")
    return chiffres


def code_postal(texte: str, pays: str) -> str:
    """Return a postal code: five figures in France, what the country uses elsewhere. Raises ``CoordonneeInvalide``."""
    brut = " ".join(texte.split()).upper()
    if pays == "FR":
        brut = brut.replace(" ", "")
        if not re.fullmatch(r"(0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}", brut):
            raise CoordonneeInvalide("code_postal")
        return brut
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9 \-]{1,11}", brut):
        raise CoordonneeInvalide("code_postal")
    return brut


def email(texte: str) -> str:
    """Return an address without blanks around, its domain in lower case. Raises ``CoordonneeInvalide``."""
    brut = texte.strip()
    if len(brut) > 254 or not _EMAIL.fullmatch(brut) or not brut.isprintable():
        raise CoordonneeInvalide("email")
    local, _, domaine = brut.rpartition("@")
    return f"{local}@{domaine.lower()}"


def ligne(texte: str) -> str:
    """Return a line of an address, blanks squeezed. One that begins like a formula is no address."""
    brut = " ".join(texte.split())
    if brut.startswith(_FORMULES) or not brut.isprintable():
        raise CoordonneeInvalide("ligne")
    return brut


def telephone_lisible(texte: str) -> str:
    """Return « 06 12 34 56 78 »; a number that is not written with ten figures stays as it is."""
    return " ".join(re.findall("..", texte)) if re.fullmatch(r"0[0-9]{9}", texte) else texte


def identique(rubrique: str, ancien: dict[str, str], nouveau: dict[str, str]) -> bool:
    """Tell whether nothing really changes: blanks, dots and capitals of an e-mail do not count."""
    return all(
        _cle(rubrique, ancien.get(champ, ""), champ) == _cle(rubrique, nouveau.get(champ, ""), champ)
        for champ in CHAMPS[rubrique]
    )


def _cle(rubrique: str, valeur: str, champ: str) -> str:
    if rubrique.startswith("telephone"):
        try:
            return telephone(valeur)
        except CoordonneeInvalide:
            return valeur
    if champ == "pays":
        return valeur or "FR"
    return " ".join(valeur.casefold().split())


def masque(rubrique: str, valeurs: dict[str, str]) -> str:
    """Return enough of the old value to know which it was: the back-office holds it whole."""
    if rubrique == "adresse":
        lieu = " ".join(v for v in (valeurs.get("code_postal", ""), valeurs.get("ville", "")) if v)
        rue = valeurs.get("adresse_1", "")
        return ", ".join(part for part in (f"{rue[:1]}…" if rue else "", lieu) if part)
    valeur = valeurs.get(rubrique, "")
    if not valeur:
        return ""
    if rubrique == "email":
        local, _, domaine = valeur.rpartition("@")
        return f"{local[:1]}…@{domaine}"
    chiffres = re.sub(r"[^0-9]", "", valeur)
    return f"{chiffres[:2]}…{chiffres[-2:]}" if len(chiffres) > 4 else "…"
