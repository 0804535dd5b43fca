"""Where a document is looked for, and which documents the law wants online.

Groups are ours. The law: décret 2019-502 of 23 May 2019, in force for every professional syndic since 1 July 2020
(minimal list of the secured online access; loi 65-557 art. 18 I). The order of the items of art. 3 is that of the
commentaries: to be checked verbatim.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

AUTRES = "autres"

GROUPES: Mapping[str, tuple[str, ...]] = {
    "assemblees": ("pv_assemblee", "convocation", "devis", "proces_verbal", "pv"),
    "charges": ("appel_de_fonds", "decompte_charges", "releve_compte", "regularisation"),
    "contrats": ("contrat", "contrat_syndic", "assurance", "assurance_habitation"),
    "diagnostics": ("diagnostic",),
    "immeuble": ("reglement", "fiche_synthetique", "carnet_entretien"),
    "conseil": (
        "balance_syndicat", "releve_bancaire", "procedure", "liste_coproprietaires", "attestation_syndic",
    ),
    "bail": ("bail", "etat_des_lieux", "depot_garantie"),
    "loyers": ("avis_echeance", "quittance", "recu"),
    "gerance": ("mandat", "crg", "aide_fiscale", "facture"),
    "courriers": ("courrier",),
}  # fmt: skip
_GROUPE_DE = {categorie: groupe for groupe, categories in GROUPES.items() for categorie in categories}
CONNUES = tuple(_GROUPE_DE)

# The tabs of each capacity, in the order people look for them; the others appear when they hold something.
ATTENDUS: Mapping[str, tuple[str, ...]] = {
    "coproprietaire": ("assemblees", "charges", "contrats", "diagnostics", "immeuble", "courriers"),
    "conseil": ("conseil", "assemblees", "contrats", "diagnostics", "immeuble", "courriers"),
    "locataire": ("loyers", "bail", "charges", "diagnostics", "contrats", "courriers"),
    "bailleur": ("gerance", "bail", "diagnostics", "contrats", "courriers"),
}


@dataclass(frozen=True, slots=True)
class PieceLegale:
    """An item of the minimal list: article and rank of décret 2019-502, and the categories that answer it."""

    article: str
    rang: int
    categories: tuple[str, ...]
    valide_du: date = date(2020, 7, 1)


LISTE_MINIMALE: tuple[PieceLegale, ...] = (
    PieceLegale("1er", 1, ("reglement",)),
    PieceLegale("1er", 2, ("fiche_synthetique",)),
    PieceLegale("1er", 3, ("carnet_entretien",)),
    PieceLegale("1er", 4, ("diagnostic",)),
    PieceLegale("1er", 5, ("assurance",)),
    PieceLegale("1er", 6, ("contrat",)),
    PieceLegale("1er", 7, ("contrat",)),
    PieceLegale("1er", 8, ("pv_assemblee", "devis")),
    PieceLegale("1er", 9, ("contrat_syndic",)),
    PieceLegale("2", 1, ("decompte_charges", "releve_compte")),
    PieceLegale("2", 2, ("decompte_charges",)),
    PieceLegale("2", 4, ("appel_de_fonds",)),
    PieceLegale("3", 1, ("balance_syndicat",)),
    PieceLegale("3", 2, ("releve_bancaire",)),
    PieceLegale("3", 3, ("procedure",)),
    PieceLegale("3", 4, ("liste_coproprietaires",)),
    PieceLegale("3", 5, ("attestation_syndic",)),
)


def groupe_de(categorie: str) -> str:
    """Return the group of a category."""
    return _GROUPE_DE.get(categorie, AUTRES)


def articles_de(groupe: str) -> tuple[str, ...]:
    """Return the articles of décret 2019-502 that want documents of this group online, in order."""
    categories = set(GROUPES.get(groupe, ()))
    found = {piece.article for piece in LISTE_MINIMALE if categories & set(piece.categories)}
    return tuple(sorted(found))


def article_de(categorie: str) -> str:
    """Return the article that wants this category online, or an empty text."""
    return next((piece.article for piece in LISTE_MINIMALE if categorie in piece.categories), "")


def groupes_montres(qualite: str, council: bool, nombres: Mapping[str, int]) -> list[str]:
    """Return the groups to show to a capacity: those expected of it, then those that hold something."""
    expected = list(ATTENDUS.get(qualite, ()))
    if council and "conseil" not in expected:
        expected.append("conseil")
    return expected + [g for g in (*GROUPES, AUTRES) if g not in expected and nombres.get(g)]
