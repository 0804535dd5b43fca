"""`joindre`: looks a value up in another source or in a table already made. An ambiguous key gives nothing."""

from collections.abc import Mapping
from typing import Any

from palier.echanges.schemas import Champ

from .entrepot import Entrepot, ident
from .verbes import Portee, compile_value

#: A key read as text, whatever the column it comes from.
TEXTE = Champ("cle", "string", False, None, (), None, None, None, 0, False, "", "")


def _comparable(sql: str, how: str) -> str:
    """Account numbers are written `450-100`, `450 100` or `450100`: blanks and hyphens do not count."""
    if how == "alphanumerique":
        return f"nullif(regexp_replace(upper(strip_accents({sql})), '[^0-9A-Z]', '', 'g'), '')"
    return sql


class Jonctions:
    """Builds one lookup table for each use of the verb."""

    def __init__(self, entrepot: Entrepot) -> None:
        self.entrepot = entrepot
        self._count = 0

    def _target(self, name: str) -> tuple[str, Mapping[str, str]] | None:
        """The table looked into and its columns; None when this conversion does not have it."""
        if name.startswith("table:"):
            table = name.removeprefix("table:")
            if table not in self.entrepot.produites:
                return None
            relation = ident(f"o_{table}")
            names = [r[0] for r in self.entrepot.rows(f"DESCRIBE {relation}")]
            return relation, {n: ident(n) for n in names}
        lue = self.entrepot.lues.get(name)
        return (lue.table, lue.colonnes) if lue else None

    def compile(self, spec: Mapping[str, Any], portee: Portee) -> str:
        """The SQL of a looked up value. Raises ProfilRefuse for a column that does not exist."""
        target = self._target(spec["dans"])
        here = []
        for value in spec["sur"].values():
            here.append(
                portee.ref(value) if isinstance(value, str) else compile_value(value, portee, TEXTE).sql
            )
        if target is None:
            return "CAST(NULL AS VARCHAR)"
        relation, columns = target
        there = Portee(columns, portee.parametres, lieu=portee.lieu)
        how = spec.get("comparer", "exact")
        keys = [_comparable(there.ref(name), how) for name in spec["sur"]]
        wanted = there.ref(spec["prendre"])
        self._count += 1
        name = f"j_{self._count}"
        listed = ", ".join(f"{k} AS k{i}" for i, k in enumerate(keys))
        whole = " AND ".join(f"k{i} IS NOT NULL" for i in range(len(keys)))
        self.entrepot.con.execute(
            f"CREATE TABLE {name} AS SELECT * EXCLUDE (v, n), CASE WHEN n = 1 THEN v END AS v FROM ("
            f"SELECT {', '.join(f'k{i}' for i in range(len(keys)))}, min(v) AS v, count(DISTINCT v) AS n "
            f"FROM (SELECT {listed}, {wanted} AS v FROM {relation}) WHERE {whole} GROUP BY ALL)"
        )
        same = " AND ".join(f"j.k{i} = {_comparable(h, how)}" for i, h in enumerate(here))
        return f"(SELECT j.v FROM {name} j WHERE {same})"
