"""Units that another source of the agence holds already: two may not send the same one."""

from typing import Protocol
from uuid import UUID

from palier.echanges.chargement.lecture_base import fetch
from palier.echanges.etabli import Etabli


class Demande(Protocol):
    """Whose dossier it is: its agence, its source, the one that it replaces (or itself)."""

    agence: UUID
    source: UUID
    ancienne: UUID


def fetch_other_sources(etabli: Etabli, demande: Demande) -> None:
    """Create ``ailleurs`` (genre, numero, titulaire, source): copropriétés by RNC, mandates by number and owner."""
    etabli.prepare_empty()
    others = (
        f"t.agence_id = '{demande.agence}' and t.archive_le is null and t.source_id <> '{demande.source}' "
        f"and t.source_id <> '{demande.ancienne}'"
    )
    name = (
        "(select s.logiciel || ' ' || s.base from echanges_source s where s.agence_id = t.agence_id "
        "and s.id = t.source_id)"
    )
    if etabli.has("coproprietes"):
        query = (
            f"select 'coproprietes' as genre, t.immatriculation_rnc as numero, '' as titulaire, {name} as source "
            f"from patrimoine_copropriete t where {others} and t.immatriculation_rnc <> ''"
        )
        _add(etabli, query)
    if etabli.has("mandats"):
        query = (
            f"select 'mandats' as genre, t.numero, lower(c.intitule) as titulaire, {name} as source "
            "from patrimoine_mandatgerance t join patrimoine_compteclient c on c.agence_id = t.agence_id "
            f"and c.id = t.compte_client_id where {others}"
        )
        _add(etabli, query)


def _add(etabli: Etabli, query: str) -> None:
    types = dict.fromkeys(("genre", "numero", "titulaire", "source"), "VARCHAR")
    fetch(etabli, query, "ailleurs", types, {})
