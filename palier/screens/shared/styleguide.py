"""What `/styleguide` shows (development only): every component with its states, on invented data."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from palier.screens.shared.couleur import contrast, pairs, palette

ACCENTS = (("agence-des-quais", "#1d5f66"), ("maison-roussel", "#b5432e"), ("syndic-du-parc", "#f2c230"))


@dataclass(frozen=True)
class Espace:
    """An invented space, with the fields that the frames read."""

    id: str
    titre: str
    adresse: str
    agence_nom: str
    agence_slug: str
    qualite: str
    qualite_libelle: str
    council: bool = False
    prefixe: str = "espace"

    @property
    def url_kwargs(self) -> dict[str, str]:
        """What its addresses hold."""
        return {"espace": self.id}


@dataclass(frozen=True)
class Account:
    """An invented account."""

    email: str = "helene.lefevre@courriel.example"


ESPACES = (
    Espace(
        "00000000-0000-7000-8000-000000000001",
        "Résidence Les Tilleuls, lot 214",
        "12 rue des Tilleuls, 69003 Lyon",
        "Agence des Quais",
        "agence-des-quais",
        "coproprietaire",
        "Copropriétaire",
        True,
    ),
    Espace(
        "00000000-0000-7000-8000-000000000002",
        "Appartement, 3 quai Romain-Rolland",
        "3 quai Romain-Rolland, 69005 Lyon",
        "Agence des Quais",
        "agence-des-quais",
        "bailleur",
        "Propriétaire bailleur",
    ),
    Espace(
        "00000000-0000-7000-8000-000000000003",
        "Studio, 27 bis avenue du Maréchal-de-Lattre-de-Tassigny",
        "27 bis avenue du Maréchal-de-Lattre-de-Tassigny, 38000 Grenoble",
        "Maison Roussel et associés",
        "maison-roussel",
        "locataire",
        "Locataire",
    ),
)


@dataclass
class Page:
    """An invented page, with the fields that the frames read."""

    titre: str
    actif: str = ""
    account: Account | None = Account()
    espace: Espace | None = None
    espaces: tuple[Espace, ...] = ESPACES
    fraicheur: tuple[str, date] | None = None
    messages: list[tuple[str, str]] = field(default_factory=list)
    vue_comme: str | None = None

    def espace_url(self, name: str, *args: str) -> str:
        """An address that leads nowhere: the styleguide is alone."""
        return "#" + "-".join((name, *args))


def contrasts() -> list[dict[str, Any]]:
    """For each sample accent and theme: the pairs drawn, their ratio, and the ratio to reach."""
    found: list[dict[str, Any]] = []
    for slug, value in ACCENTS:
        for theme, colours in palette(value).items():
            measured = [
                (what, ink, on, contrast(ink, on), least) for what, ink, on, least in pairs(theme, colours)
            ]
            found.append(
                {"slug": slug, "couleur": value, "theme": theme, "couleurs": colours, "paires": measured}
            )
    return found


def _figures() -> dict[str, Any]:
    keys = [
        ("Charges générales", Decimal("1284.40")),
        ("Ascenseur bâtiment B", Decimal("312.75")),
        ("Eau froide et eau chaude individuelles", Decimal("486.12")),
        ("Chauffage", Decimal("964.03")),
    ]
    quarters = [
        ("T1 25", Decimal("702.10")),
        ("T2 25", Decimal("698.33")),
        ("T3 25", Decimal(655)),
        ("T4 25", Decimal("741.18")),
        ("T1 26", Decimal("733.90")),
        ("T2 26", Decimal("482.17")),
    ]
    balance = [
        ("janv.", Decimal(0)),
        ("mars", Decimal("-702.10")),
        ("mai", Decimal(120)),
        ("juil.", Decimal("-320.44")),
        ("sept.", Decimal(-611)),
        ("nov.", Decimal("-482.17")),
    ]
    ledger = [
        (date(2026, 11, 2), "Appel de fonds, 4e trimestre 2026", Decimal("482.17"), None, Decimal("482.17")),
        (date(2026, 8, 5), "Virement reçu, merci", None, Decimal(655), Decimal(0)),
        (
            date(2026, 8, 1),
            "Appel de fonds, 3e trimestre 2026, travaux de ravalement compris",
            Decimal(655),
            None,
            Decimal(655),
        ),
        (
            date(2026, 7, 1),
            "Régularisation des charges de l’exercice 2025",
            Decimal("123456789.01"),
            None,
            Decimal("123456789.01"),
        ),
    ]
    return {
        "cles": keys,
        "trimestres": quarters,
        "soldes": balance,
        "mouvements": ledger,
        "totaux": (Decimal("1137.17"), Decimal(655)),
    }


def context() -> dict[str, Any]:
    """The whole context of `styleguide.html`, the globals of the Jinja environment left out."""
    page = Page(
        titre="Guide des composants",
        actif="documents",
        espace=ESPACES[0],
        fraicheur=("la comptabilité de l’agence", date(2026, 11, 20)),
        messages=[("success", "Votre adresse e-mail est confirmée.")],
    )
    return {
        "page": page,
        "espaces": ESPACES,
        "jour": date(2026, 11, 23),
        "contrastes": contrasts(),
        "debut": Decimal("482.17"),
        "faits": [
            (date(2026, 11, 2), "Convocation envoyée", "Courriel lu le 3 novembre", True),
            (date(2026, 11, 23), "Votes par correspondance ouverts", "", True),
            (date(2026, 12, 14), "Assemblée générale", "18 h, salle des fêtes", False),
        ],
        **_figures(),
    }
