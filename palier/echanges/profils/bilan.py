"""The report of a conversion, in French, as the command and the screens show it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from .constats import Constat, Gravite
from .conversion import Resultat
from .sommes import Rapprochement, Total

_SEPARATEURS = {"\t": "tabulation", "": "—"}


def euros(value: Decimal) -> str:
    """`1 234,50`, with narrow no-break blanks between thousands."""
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")


def whole(value: int) -> str:
    """`1 234 567`."""
    return f"{value:,}".replace(",", "\u202f")


def _total(label: str, total: Total) -> str:
    return f"  {label:<22} {whole(total.lignes):>12} lignes   débit {euros(total.debit):>18}   crédit {euros(total.credit):>18}"


def _reconciled(found: Rapprochement) -> Iterator[str]:
    yield _total(_("lues"), found.lues)
    yield _total(_("reprises"), found.reprises)
    yield _total(_("hors comptes clients"), found.ecartees)
    if found.soldes.lignes:
        yield _total(_("soldes d'ouverture"), found.soldes)
    if found.retournees.lignes:
        yield _(
            "  {n} montants négatifs passés de l'autre côté ({montant} € de plus au débit et au crédit, solde inchangé)."
        ).format(
            n=whole(found.retournees.lignes), montant=euros(found.retournees.debit + found.retournees.credit)
        )


def report_facts(constats: Sequence[Constat]) -> Iterator[str]:
    """The facts, gravest first."""
    order = list(Gravite)
    for c in sorted(constats, key=lambda c: (order.index(c.gravite), c.code)):
        where = f" [{c.lieu}]" if c.lieu else ""
        yield f"  {c.gravite.value.upper()}{where} {c.message}"


def report(result: Resultat) -> Iterator[str]:
    """The lines of the report."""
    yield _("Fichiers lus")
    for r in result.releves:
        if r.source == "pdf" and len(result.releves) > 20:
            continue
        read = f"{whole(r.lignes)} lignes, {whole(r.vides)} vides"
        mark = _SEPARATEURS.get(r.separateur, f"« {r.separateur} »")
        yield f"  {r.nom} : {read}, encodage {r.encodage or '—'}, séparateur {mark}, signature {r.signature or '—'}"
    if len(result.releves) > 20:
        yield _("  {n} fichiers en tout.").format(n=whole(len(result.releves)))
    for found in result.rapprochements:
        yield _("Au centime ({source})").format(source=found.source)
        yield from _reconciled(found)
    if result.ecrits is not None:
        yield _total(_("écrites (recomptées)"), result.ecrits)
    yield _("Tables du dossier")
    for table, lines in result.tables.items():
        yield f"  {table:<22} {whole(lines):>12} lignes"
    if result.unites:
        yield _("Périmètre : {unites}").format(unites=", ".join(result.unites[:10]))
    if result.constats:
        yield _("Constats")
        yield from report_facts(result.constats)
    if result.vers is not None:
        yield _("Dossier écrit : {chemin}").format(chemin=result.vers)
    else:
        yield _("Essai à blanc : aucun dossier écrit.")
