"""Imports of an agence and their reports."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _t

from palier.core.actor import Actor
from palier.echanges.codes import CODES
from palier.echanges.rapport import cuts
from palier.screens.gestion.queries.base import PAGE, Key, Row, Slice, as_json, cut, dated_key, order, read

SAMPLES = 10  # lines shown for each kind of fault; the downloads hold all that the report keeps

_IMPORTS = """
select i.id, i.nom_fichier, i.octets, i.etat, i.arrete_au, i.recu_le, i.debut_le, i.fin_le, i.progres, i.etape,
  i.message, i.bilan, i.empreinte, i.recu_le::text as tri, h.nom as auteur,
  s.logiciel, s.base, i.voie, i.annulation_le
from echanges_import i
left join echanges_source s on s.agence_id = i.agence_id and s.id = i.source_id
left join lateral (select h.nom from agences_habilitation h
  where h.agence_id = i.agence_id and h.account_id = i.recu_de order by h.depuis desc, h.id limit 1) h on true
where i.agence_id = %(agence)s
"""


def imports(actor: Actor, key: Key | None, size: int = PAGE) -> Slice:
    """Return a page of the imports, newest first."""
    key = dated_key(key)
    sign, direction = order(key, descending=True)
    where_key = f"and (i.recu_le, i.id) {sign} (%(cle_tri)s::timestamptz, %(cle_id)s)" if key else ""
    sql = f"{_IMPORTS} {where_key} order by i.recu_le {direction}, i.id {direction} limit {size + 1}"
    return cut(read(sql, {"agence": actor.agence_id, **(key.params() if key else {})}), key, size)


def one_import(actor: Actor, import_id: UUID) -> Row | None:
    """Return one import of the actor's agence, or None."""
    found = read(f"{_IMPORTS} and i.id = %(import)s", {"agence": actor.agence_id, "import": import_id})
    return found[0] if found else None


_ANOMALIES = """
select n.rang, n.gravite, n.code, n."table", n.ligne, n.identifiant, n.colonne, n.valeur_masquee, n.message,
  n.conseil, n.unite, n.fichier, row_number() over (partition by n.code order by n.rang) as place,
  count(*) over (partition by n.code) as gardees,
  min(n.message) over (partition by n.code) = max(n.message) over (partition by n.code) as meme_message,
  min(n.conseil) over (partition by n.code) = max(n.conseil) over (partition by n.code) as meme_conseil
from echanges_anomalie n where n.agence_id = %(agence)s and n.import_id = %(import)s order by n.rang
"""


def anomalies(actor: Actor, import_id: UUID) -> list[Row]:
    """Return every fault that the report keeps, in its order."""
    return read(_ANOMALIES, {"agence": actor.agence_id, "import": import_id})


def groups(actor: Actor, found: Row) -> list[dict[str, Any]]:
    """Return the faults grouped by code, gravest first, with a few samples of each and its whole count.

    ``message`` and ``conseil`` are said once for the group, when all that the report keeps of it share them
    (``meme_message``, ``meme_conseil``); else each line says its own.
    """
    rows = read(
        f"select * from ({_ANOMALIES}) x where x.place <= %(place)s order by x.rang",
        {"agence": actor.agence_id, "import": found.id, "place": SAMPLES},
    )
    bilan = as_json(found.bilan) or {}
    totals = bilan.get("codes", {})
    grouped: dict[str, dict[str, Any]] = {}
    for row in rows:
        group = grouped.setdefault(
            row.code,
            {"code": row.code, "gravite": row.gravite, "message": row.message if row.meme_message else _kind(row.code),
             "conseil": row.conseil if row.meme_conseil else "", "meme_message": row.meme_message,
             "meme_conseil": row.meme_conseil, "total": totals.get(row.code, row.gardees), "gardees": row.gardees,
             "lignes": []},
        )  # fmt: skip
        group["lignes"].append(row)
    coupes = cuts(bilan, {code: group["gardees"] for code, group in grouped.items()})
    for code, group in grouped.items():
        group["coupe"] = coupes.get(code)
    return list(grouped.values())


def _kind(code: str) -> str:
    """Return what the faults of a code have in common: its sentence, what differs left open."""
    if code not in CODES:
        return _t("Plusieurs constats de même nature")
    return CODES[code].sentence(_Ouvert())


class _Ouvert(dict[str, object]):
    """Every place of a sentence, open."""

    def __missing__(self, name: str) -> str:
        return "…"
