"""What a person may accept to receive by electronic means: the text he reads, its digest, and the law behind.

Each text is kept for ever under its version: the proof of a consent is the text that was shown. They are in French
only, and are the ones that count. ``confiance`` is ours: H sound sources agree, M secondary sources, L the text was not read.
"""

import hashlib
from dataclasses import dataclass

#: ``accord``: nothing by electronic means until it is given. ``opposition``: electronic unless refused.
REGIMES = ("accord", "opposition")


@dataclass(frozen=True, slots=True)
class Regle:
    """One kind of consent. ``propose``: asked from the start, or only once the agence says so."""

    genre: str
    qualites: frozenset[str]
    regime: str
    fondement: str
    confiance: str
    propose: bool
    textes: tuple[tuple[str, str], ...]

    @property
    def version(self) -> str:
        """The version asked today."""
        return self.textes[-1][0]

    @property
    def texte(self) -> str:
        """The text asked today."""
        return self.textes[-1][1]

    @property
    def empreinte(self) -> str:
        """The digest of today's text."""
        return empreinte(self.texte)


def empreinte(texte: str) -> str:
    """Return the SHA-256 of a text, as the proof keeps it."""
    return hashlib.sha256(texte.encode()).hexdigest()


# Loi 89-462 art. 21: a receipt goes by electronic means only with the tenant's express consent (law.md, H).
_QUITTANCE = Regle(
    "quittance",
    frozenset({"locataire"}),
    "accord",
    "loi n° 89-462 du 6 juillet 1989, art. 21",
    "H",
    True,
    (
        (
            "1",
            "J’accepte expressément que mes quittances de loyer me soient transmises par voie électronique, dans mon "
            "espace en ligne. Je peux retirer cet accord à tout moment, ici même : les quittances suivantes me seront "
            "alors remises sur papier, sans frais.",
        ),
    ),
)
# Décret 67-223 art. 35-2 as changed by décret 2025-1292: by e-mail to the address given for that purpose (M).
_APPEL = Regle(
    "appel_de_fonds",
    frozenset({"coproprietaire"}),
    "accord",
    "décret n° 67-223 du 17 mars 1967, art. 35-2",
    "M",
    True,
    (
        (
            "1",
            "J’accepte que les appels de fonds de ma copropriété me soient adressés par voie électronique, à l’adresse "
            "e-mail que l’agence connaît de moi. Je peux retirer cet accord à tout moment, ici même : les appels "
            "suivants me seront alors adressés par lettre.",
        ),
    ),
)
# Loi 65-557 art. 42-1 (2024): electronic by default, post on request at any time; décret 67-223 art. 64 to 64-2 (M).
_NOTIFICATION = Regle(
    "notification",
    frozenset({"coproprietaire"}),
    "opposition",
    "loi n° 65-557 du 10 juillet 1965, art. 42-1 ; décret n° 67-223, art. 64 à 64-2",
    "M",
    True,
    (
        (
            "1",
            "Les notifications et mises en demeure de la copropriété, dont les convocations aux assemblées générales, "
            "se font par voie électronique, par un prestataire qualifié. Je peux demander à tout moment, ici même, à "
            "les recevoir par la poste, ou revenir à la voie électronique. La publication d’un document dans cet "
            "espace ne vaut jamais, à elle seule, notification.",
        ),
    ),
)
# Décret 67-223 art. 64 and following (extranet for the annexes), wording after 2025 not read (L): off by default.
_ANNEXES = Regle(
    "annexes",
    frozenset({"coproprietaire"}),
    "accord",
    "décret n° 67-223 du 17 mars 1967, art. 64 et suivants (mise à disposition des annexes en ligne)",
    "L",
    False,
    (
        (
            "1",
            "J’accepte que les annexes des convocations aux assemblées générales soient mises à ma disposition dans "
            "mon espace en ligne au lieu d’être jointes à la convocation. Je peux retirer cet accord à tout moment, ici "
            "même : les annexes me seront alors jointes.",
        ),
    ),
)
# No text asks for it: an agreement between the landlord and his agent, written down all the same (M).
_COMPTE_RENDU = Regle(
    "compte_rendu",
    frozenset({"bailleur"}),
    "accord",
    "accord entre le mandant et l’agence ; aucun texte ne l’impose",
    "M",
    True,
    (
        (
            "1",
            "J’accepte que mes comptes rendus de gérance et les relevés de mon compte me soient transmis par voie "
            "électronique, dans mon espace en ligne. Je peux retirer cet accord à tout moment, ici même : les suivants "
            "me seront alors envoyés sur papier.",
        ),
    ),
)

REGLES: dict[str, Regle] = {r.genre: r for r in (_QUITTANCE, _APPEL, _NOTIFICATION, _ANNEXES, _COMPTE_RENDU)}


def regles_pour(qualites: set[str], choix: dict[str, bool]) -> list[Regle]:
    """Return what is asked of a person of these capacities; ``choix`` is what the agence decided, by kind."""
    return [r for r in REGLES.values() if r.qualites & qualites and choix.get(r.genre, r.propose)]


def est_electronique(regle: Regle, dernier: str | None) -> bool:
    """Tell whether papers of this kind go by electronic means, from the last act (``donne``, ``retire``, None)."""
    if dernier is None:
        return regle.regime == "opposition"
    return dernier == "donne"
