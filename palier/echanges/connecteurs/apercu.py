"""The first accounts of a converted export as their holders will read them."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

VINGT = 20


@dataclass
class CompteVu:
    """One account on a client's page."""

    personnes: str
    compte: str
    role: str
    adresse: str
    lieu: str
    solde: Decimal | None
    mouvements: list[dict[str, str]] = field(default_factory=list)
    nombre: int = 0
    documents: int = 0
    bail: str = ""


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def preview(tables: dict[str, list[dict[str, str]]], count: int = VINGT) -> list[CompteVu]:
    """The first `count` accounts, those that a person holds first."""
    tiers = {t["id"]: t for t in tables.get("tiers", [])}
    copros = {c["id"]: c["nom"] for c in tables.get("coproprietes", [])}
    holders: dict[str, list[dict[str, str]]] = defaultdict(list)
    for held in tables.get("comptes_tiers", []):
        if held["tiers_id"] in tiers:
            holders[held["compte_id"]].append(tiers[held["tiers_id"]])
    moves: dict[str, list[dict[str, str]]] = defaultdict(list)
    for move in tables.get("mouvements", []):
        moves[move["compte_id"]].append(move)
    papers: dict[str, int] = defaultdict(int)
    for paper in tables.get("documents", []):
        papers[paper["portee_id"]] += 1
    leases = {b["compte_id"]: b for b in tables.get("baux", [])}
    accounts = sorted(tables.get("comptes", []), key=lambda c: c["id"] not in holders)[:count]
    found = []
    for c in accounts:
        own = sorted(moves[c["id"]], key=lambda m: m["le"], reverse=True)
        found.append(
            CompteVu(
                personnes=", ".join(_named(t) for t in holders[c["id"]]) or c["intitule"],
                compte=c["numero"],
                role=c["role"],
                adresse=next((t["email"] for t in holders[c["id"]] if t["email"]), ""),
                lieu=copros.get(c["copropriete_id"], ""),
                solde=_decimal(c["solde"]),
                mouvements=own[:3],
                nombre=len(own),
                documents=papers[c["id"]],
                bail=leases.get(c["id"], {}).get("debut", ""),
            )
        )
    return found


def _named(t: dict[str, str]) -> str:
    return " ".join(x for x in (t["civilite"], t["prenom"], t["nom"]) if x)
