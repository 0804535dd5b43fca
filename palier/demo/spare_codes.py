"""Five codes that wait for a visitor: kept in clear beside the demo's data, because the base holds digests only."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from palier.acces.codes import issue_code
from palier.acces.models import Acces, CodeAcces
from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.tenancy import acting_as
from palier.demo.accounts import REASON, acces_of
from palier.demo.dossiers import Dossier
from palier.demo.people import CODES

FICHE = "codes.json"


@dataclass(frozen=True, slots=True)
class Code:
    """A code as ``./run demo`` prints it."""

    slug: str
    agence: str
    nom: str
    code: str
    identifiant: str
    secret: str


def unused(data: Path, dossiers: list[Dossier]) -> list[Code]:
    """Return five unused codes, two agences at least; those used since are replaced by new ones."""
    kept = [code for code in _stored(data) if _is_alive(code)]
    by_slug = {dossier.slug: dossier for dossier in dossiers}
    for slug, capacite in CODES:
        missing = sum(1 for wanted, _ in CODES if wanted == slug) > sum(
            1 for code in kept if code.slug == slug
        )
        if missing:
            found = _issue(by_slug[slug], capacite, kept)
            if found is not None:
                kept.append(found)
    _store(data, kept)
    return kept


def _is_alive(code: Code) -> bool:
    agence = Agence.objects.filter(slug=code.slug).first()
    if agence is None:
        return False
    with acting_as(Actor.system(agence.id, REASON)) as actor:
        row = (
            CodeAcces.objects.visible_to(actor).filter(identifiant=code.code).select_related("acces").first()
        )
        return (
            row is not None
            and row.utilise_le is None
            and row.revoque_le is None
            and row.expire_le > now()
            and row.acces.account_id is None
        )


def _issue(dossier: Dossier, capacite: str, kept: list[Code]) -> Code | None:
    """Issue a code to the wanted person, or to the first person by name who still waits for one."""
    agence = Agence.objects.get(slug=dossier.slug)
    taken = {code.nom for code in kept if code.slug == dossier.slug}
    with acting_as(Actor.system(agence.id, REASON)) as actor:
        wanted = acces_of(actor, dossier.personnes[capacite])
        if wanted is None or wanted.account_id is not None or wanted.tiers.nom_complet in taken:
            others = Acces.objects.visible_to(actor).filter(account_id__isnull=True).select_related("tiers")
            waiting = others.order_by("tiers__nom", "id")[: len(taken) + 1]
            wanted = next((row for row in waiting if row.tiers.nom_complet not in taken), None)
        if wanted is None:
            return None
        issued = issue_code(actor, wanted.id, "liste")
        return Code(
            agence.slug,
            agence.nom,
            issued.nom,
            issued.identifiant,
            issued.identifiant_imprime,
            issued.secret_imprime,
        )


def _stored(data: Path) -> list[Code]:
    try:
        return [Code(**entry) for entry in json.loads((data / FICHE).read_text())]
    except FileNotFoundError:
        return []


def _store(data: Path, codes: list[Code]) -> None:
    temporary = data / f"{FICHE}.tmp"
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([asdict(code) for code in codes], file, ensure_ascii=False)
    temporary.replace(data / FICHE)
