"""The level that an export reaches (N0 to N3), and in plain words what the next one lacks."""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

#: For each level: what it opens to clients, and what it needs — (any of these tables, what is missing otherwise).
NIVEAUX: tuple[tuple[str, Any, tuple[tuple[frozenset[str], Any], ...]], ...] = (
    ("N0", _("les clients ouvrent leur accès, voient leur compte et leurs documents"), (
        (frozenset({"comptes"}), _("les comptes clients : un fichier de comptes, un grand livre ou une liste de personnes")),
        (frozenset({"comptes_tiers"}), _("les personnes de chaque compte : nom et adresse électronique")),
    )),
    ("N1", _("ils lisent leurs mouvements et leurs échéances"), (
        (frozenset({"mouvements", "echeances"}), _("les écritures : un grand livre des comptes clients, ou un FEC")),
    )),
    ("N2", _("ils retrouvent leurs lots, leur bail ou leur mandat"), (
        (frozenset({"lots", "baux", "mandats"}), _("les lots, les baux ou les mandats : numéro du lot et date d’acquisition, "
                                                  "numéro et date d’effet du bail, ou numéro de mandat")),
    )),
    ("N3", _("ils suivent budget, dépenses et assemblées"), (
        (frozenset({"budgets", "depenses", "assemblees", "cles"}),
         _("les clés, budgets, dépenses et assemblées : l’assistant ne les lit pas, ils demandent un dossier complet")),
    )),
)  # fmt: skip


def reached(tables: Collection[str]) -> tuple[str, Any, list[Any]]:
    """The level reached (empty: none), what it opens, and what the next one lacks."""
    level, opens = "", _("rien encore")
    for name, words, needs in NIVEAUX:
        lacking = [text for any_of, text in needs if not any_of & set(tables)]
        if lacking:
            return level, opens, lacking
        level, opens = name, words
    return level, opens, []


def next_level(level: str) -> str:
    """The name of the level after this one (empty after the last)."""
    names = ["", *(n for n, _w, _l in NIVEAUX), ""]
    return names[names.index(level) + 1]
