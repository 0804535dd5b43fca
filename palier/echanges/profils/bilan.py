"""The report of a conversion, in French, as the command and the screens show it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from .constats import Constat, Gravite
from .conversion import Resultat
from .sommes import Rapprochement, Total


def euros(value: Decimal) -> str:
    """`1 234,50`, with narrow no-break blanks between thousands."""
    return f"{value:,.2f}".replace(",", "\u202f").replace(".", ",")


def whole(value: int) -> str:
    """`1 234 567`."""
    return f"{value:,}".replace(",", "\u202f")


def _total(label: str, total: Total) -> str:
    return _("  {nom:<22} {n:>12} lignes   débit {debit:>18}   crédit {credit:>18}").format(
        nom=label, n=whole(total.lignes), debit=euros(total.debit), credit=euros(total.credit)
    )


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
    words = {Gravite.BLOQUANTE: _("bloquante"), Gravite.ALERTE: _("alerte"), Gravite.INFO: _("info")}
    for c in sorted(constats, key=lambda c: (order.index(c.gravite), c.code)):
        where = f" [{c.lieu}]" if c.lieu else ""
        yield f"  {words[c.gravite].upper()}{where} {c.message}"


def report(result: Resultat) -> Iterator[str]:
    """The lines of the report."""
    yield _("Fichiers lus")
    for r in result.releves:
        if r.source == "pdf" and len(result.releves) > 20:
            continue
        mark = {"\t": _("tabulation"), "": "—"}.get(r.separateur, f"« {r.separateur} »")
        yield _(
            "  {nom} : {n} lignes, {vides} vides, encodage {encodage}, séparateur {separateur}, signature {signature}"
        ).format(
            nom=r.nom,
            n=whole(r.lignes),
            vides=whole(r.vides),
            encodage=r.encodage or "—",
            separateur=mark,
            signature=r.signature or "—",
        )
    if len(result.releves) > 20:
        yield _("  {n} fichiers en tout.").format(n=whole(len(result.releves)))
    for found in result.rapprochements:
        yield _("Au centime ({source})").format(source=found.source)
        yield from _reconciled(found)
    if result.ecrits is not None:
        yield _total(_("écrites (recomptées)"), result.ecrits)
    yield _("Tables du dossier")
    for table, lines in result.tables.items():
        yield _("  {table:<22} {n:>12} lignes").format(table=table, n=whole(lines))
    if result.unites:
        yield _("Périmètre : {unites}").format(unites=", ".join(result.unites[:10]))
    if result.constats:
        yield _("Constats")
        yield from report_facts(result.constats)
    if result.vers is not None:
        yield _("Dossier écrit : {chemin}").format(chemin=result.vers)
    else:
        yield _("Essai à blanc : aucun dossier écrit.")
