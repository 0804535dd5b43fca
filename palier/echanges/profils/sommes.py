"""The sums a profile asks for, and the proof that no cent was lost between what was read and what was written."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from palier.echanges.regles import quote

from .constats import Gravite, Recueil
from .entrepot import Entrepot, Lue, ident
from .lecteurs.montants import amount, cents
from .verbes import Portee, number_sql, sum_sql

MOUVEMENTS = "mouvements"


@dataclass(frozen=True)
class Total:
    """Lines and exact euros."""

    lignes: int = 0
    debit: Decimal = Decimal("0.00")
    credit: Decimal = Decimal("0.00")


@dataclass(frozen=True)
class Rapprochement:
    """Of one source: what was read, what was kept for the ledger, what the filters left out, what changed side."""

    source: str
    lues: Total
    reprises: Total
    ecartees: Total
    retournees: Total
    soldes: Total

    @property
    def attendues(self) -> Total:
        """What the ledger must hold: negative amounts weigh on the other side, opening balances are lines too."""
        moved = self.retournees.debit + self.retournees.credit
        return Total(
            self.reprises.lignes + self.soldes.lignes,
            self.reprises.debit + self.soldes.debit + moved,
            self.reprises.credit + self.soldes.credit + moved,
        )


def _scope(lue: Lue, parametres: Mapping[str, str]) -> Portee:
    source = lue.source
    return Portee(lue.colonnes, parametres, source.decimal, source.milliers, source.dates)


def _euros(value: object) -> Decimal:
    return Decimal(str(value or 0)).quantize(Decimal("0.01"))


def reconcile(entrepot: Entrepot, lue: Lue, recueil: Recueil) -> Rapprochement | None:
    """Compare what the reader counted with what the ledger kept of it. None without totals to follow."""
    names = _total_columns(lue)
    if not names:
        return None
    portee = _scope(lue, {})
    debit, credit = (f"coalesce({number_sql(portee.ref(n), portee, 2)}, 0)" for n in names)
    where = "false"
    if MOUVEMENTS in entrepot.produites:
        base = f"({lue.rang}::BIGINT << 56)"
        where = f"_ord + {base} IN (SELECT _ord FROM {ident('o_' + MOUVEMENTS)})"
    bank = lue.source.type in {"cfonb120", "camt053"}
    line = f"{lue.colonnes['genre']} = 'mouvement'" if bank else "true"
    n, d, c, kept, kd, kc, turned, td, tc, opened, od, oc = entrepot.row(
        "SELECT count_if(m), sum(d) FILTER (WHERE m), sum(c) FILTER (WHERE m), "
        "count_if(k AND m), sum(d) FILTER (WHERE k AND m), sum(c) FILTER (WHERE k AND m), "
        "count_if(k AND (d < 0 OR c < 0)), sum(greatest(-d, 0)) FILTER (WHERE k), sum(greatest(-c, 0)) FILTER (WHERE k), "
        "count_if(k AND NOT m), sum(d) FILTER (WHERE k AND NOT m), sum(c) FILTER (WHERE k AND NOT m) "
        f"FROM (SELECT {debit} AS d, {credit} AS c, {where} AS k, {line} AS m FROM {lue.table})"
    )
    stored = Total(int(n), _euros(d), _euros(c))
    counted = _counted(lue)
    if counted is not None and (counted.debit, counted.credit) != (stored.debit, stored.credit):
        message = _("Le compte fait à la lecture ({lu}) et celui des lignes gardées ({garde}) diffèrent.")
        recueil.add(
            "centimes_perdus",
            Gravite.BLOQUANTE,
            message.format(
                lu=f"{counted.debit} / {counted.credit}", garde=f"{stored.debit} / {stored.credit}"
            ),
        )
    read = counted if counted is not None else stored
    left = Total(stored.lignes - int(kept), stored.debit - _euros(kd), stored.credit - _euros(kc))
    return Rapprochement(
        lue.source.nom, Total(stored.lignes, read.debit, read.credit),
        Total(int(kept), _euros(kd), _euros(kc)), left, Total(int(turned), _euros(td), _euros(tc)),
        Total(int(opened), _euros(od), _euros(oc)),
    )  # fmt: skip


def _total_columns(lue: Lue) -> tuple[str, str] | None:
    if "debit" in lue.source.totaux and "credit" in lue.source.totaux:
        return lue.source.totaux["debit"], lue.source.totaux["credit"]
    return ("Debit", "Credit") if lue.source.type in {"fec", "cfonb120", "camt053"} else None


def _counted(lue: Lue) -> Total | None:
    if any(r.debit is None or r.credit is None for r in lue.releves):
        return None
    debit = sum(r.debit or 0 for r in lue.releves)
    credit = sum(r.credit or 0 for r in lue.releves)
    return Total(sum(r.lignes for r in lue.releves), Decimal(amount(debit)), Decimal(amount(credit)))


def count_written(path: Path) -> Total:
    """Count the movements of a written CSV, line by line, without the engine that wrote it."""
    debit = credit = lines = 0
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=";", strict=True)
        header = next(reader)
        d, c = header.index("debit"), header.index("credit")
        for cells in reader:
            lines += 1
            debit += cents(cells[d]) or 0
            credit += cents(cells[c]) or 0
    return Total(lines, Decimal(amount(debit)), Decimal(amount(credit)))


def check_sums(
    entrepot: Entrepot,
    controles: tuple[Mapping[str, Any], ...],
    parametres: Mapping[str, str],
    recueil: Recueil,
) -> None:
    """Run the sums that the profile declares."""
    for controle in controles:
        lue = entrepot.lues.get(controle["depuis"])
        if lue is not None:
            _check_sum(entrepot, controle, lue, _scope(lue, parametres), recueil)


def _check_sum(
    entrepot: Entrepot, controle: Mapping[str, Any], lue: Lue, portee: Portee, recueil: Recueil
) -> None:
    portee.lieu = controle["code"]
    value = sum_sql(controle["somme"], portee)
    gravite = Gravite(controle.get("gravite", "bloquante"))
    if "vaut_pied" in controle:
        footer = number_sql(portee.ref(controle["vaut_pied"]), portee, 2)
        wanted = f"(SELECT sum({footer}) FROM {lue.pied} p WHERE p._fichier = s._fichier)"
    else:
        wanted = quote(str(controle["vaut"])) + "::DECIMAL(30,2)"
    groups = [portee.ref(g) for g in controle.get("groupe", ())]
    by = ", ".join(["s._fichier", *groups])
    rows = entrepot.rows(
        f"SELECT s._fichier, min(s._ligne), sum({value}), any_value({wanted}), count(*) OVER () FROM {lue.table} s "
        f"GROUP BY {by} HAVING sum({value}) IS DISTINCT FROM any_value({wanted}) ORDER BY 1, 2 LIMIT 5"
    )
    for rank, line, found, expected, total in rows:
        message = _("Contrôle {code} : la somme est {trouve}, {attendu} attendu").format(
            code=controle["code"],
            trouve=found,
            attendu=expected if expected is not None else _("un pied de page"),
        )
        message += _(" ({n} groupes en tout).").format(n=total) if groups else "."
        recueil.add(
            f"controle_{controle['code']}", gravite, message, lue.releves[rank].nom, line if groups else None
        )
