"""The best proof of a delta: whatever two states are, A then the delta to B is what B alone says."""

import copy
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.ids import new_id
from palier.core.tenancy import acting_as
from palier.echanges.actions import create_import
from palier.echanges.enums import EtatImport
from palier.echanges.execution import run_import
from tests.echanges.differences import changes, differences, make_delta, on_line, rights
from tests.echanges.fabrique import AGENCE, make_dossier, sound_tables
from tests.factories import make_agence

Tables = dict[str, list[dict[str, Any]]]


class _Undo(Exception):
    """Ends one example: its rows go away."""


@st.composite
def states(draw: st.DrawFn) -> Tables:
    """A sound state of a small agence: who owns, who rents, who pays, what was voted."""
    tables: Tables = sound_tables()
    del tables["documents"]
    for line in tables["tiers"]:
        line["nom"] = draw(st.sampled_from(["EXEMPLE", "MODELE", "TYPE"]))
    if draw(st.booleans()):
        tables["tiers"].append({"id": "T4", "nature": "PP", "nom": "AJOUT"})
        tables["comptes_tiers"].append({"compte_id": "A2", "tiers_id": "T4", "qualite": "indivisaire"})
    tables["immeubles"][2]["voie"] = draw(st.sampled_from(["rue A", "rue B"]))
    _ledger(draw, tables)
    _holdings(draw, tables)
    _leases(draw, tables)
    _meetings(draw, tables)
    return tables


def _ledger(draw: st.DrawFn, tables: Tables) -> None:
    """Payments in cents on the first accounts: the balance is always their sum."""
    tables["mouvements"], due = [], {}
    for compte in ("A1", "A2"):
        cents = draw(st.lists(st.integers(-50_000, 50_000), min_size=1, max_size=4))
        due[compte] = sum(cents)
        tables["mouvements"] += [
            {"id": f"{compte}-{i}", "compte_id": compte, "le": "2026-11-22", "libelle": "x",
             "debit": f"{max(c, 0) / 100:.2f}", "credit": f"{max(-c, 0) / 100:.2f}"}
            for i, c in enumerate(cents)
        ]  # fmt: skip
        line = next(c for c in tables["comptes"] if c["id"] == compte)
        line["solde"] = f"{due[compte] / 100:.2f}"
    parts = draw(st.lists(st.integers(1, 9_999), min_size=1, max_size=3))
    tables["echeances"][0].update(
        montant=f"{sum(parts) / 100:.2f}", emise_le=draw(st.sampled_from(["2026-01-01", "2026-10-01"]))
    )
    tables["echeances_lignes"] = [
        {
            "echeance_id": "E1",
            "rang": str(i + 1),
            "nature": "provision",
            "libelle": "x",
            "montant": f"{p / 100:.2f}",
        }
        for i, p in enumerate(parts)
    ]


def _holdings(draw: st.DrawFn, tables: Tables) -> None:
    if draw(st.booleans()):
        tables["comptes"].append(
            {"id": "A3", "role": "coproprietaire", "numero": "A3", "intitule": "A3", "copropriete_id": "C1"}
        )
        tables["comptes_tiers"].append({"compte_id": "A3", "tiers_id": "T2", "qualite": "titulaire"})
        tables["detentions"][0]["fin"] = "2026-01-31"
        tables["detentions"].append({"lot_id": "L1", "compte_id": "A3", "debut": "2026-02-01"})
    parts = draw(st.sampled_from([[1000], [400, 600], [10, 990]]))
    tables["tantiemes"] = [
        {"cle_id": "K1", "lot_id": f"L1{'b' * i}", "valeur": str(p)} for i, p in enumerate(parts)
    ]
    if len(parts) > 1:
        tables["lots"].append({"id": "L1b", "immeuble_id": "I1", "copropriete_id": "C1", "numero": "1 bis"})


def _leases(draw: st.DrawFn, tables: Tables) -> None:
    """The lease may change mandate or end; an account may be attached to another."""
    if draw(st.booleans()):
        tables["comptes"].append({"id": "B2", "role": "bailleur", "numero": "B2", "intitule": "B2"})
        tables["mandats"].append({"id": "M2", "numero": "2", "compte_id": "B2"})
        if draw(st.booleans()):
            tables["baux"][0]["mandat_id"] = "M2"
    if draw(st.booleans()):
        tables["comptes"].append(
            {"id": "R2", "role": "locataire", "numero": "R2", "intitule": "R2", "compte_principal_id": "R1"}
        )
        tables["mouvements"].append(
            {
                "id": "R2-0",
                "compte_id": "R2",
                "le": "2026-11-22",
                "libelle": "x",
                "debit": "1.00",
                "credit": "1.00",
            }
        )
    if draw(st.booleans()):
        del tables["baux"][0], tables["baux_lots"][0]
    tables.setdefault("contrats", [])
    if tables["baux"] and draw(st.booleans()):
        tables["contrats"].append({"id": "CT2", "bail_id": "X1", "type": "assurance"})


def _meetings(draw: st.DrawFn, tables: Tables) -> None:
    copro = draw(st.sampled_from(["C1", "C2"]))
    tables["assemblees"] = [
        {
            "id": "AG1",
            "copropriete_id": copro,
            "type": "ordinaire",
            "le": "2026-05-20T18:30:00",
            "statut": "tenue",
        }
    ]
    count = draw(st.integers(0, 3))
    tables["resolutions"] = [{"assemblee_id": "AG1", "numero": str(i), "titre": "x"} for i in range(count)]


def load(actor: Actor, path: Path) -> Any:
    with acting_as(actor), writing("test"):
        row = create_import(actor, path.name, depot="", octets=1)
        row.confirme_par = UUID(int=0)
        row.save(update_fields=["confirme_par"])
    return run_import(actor, row.id, path)


@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],  # each example is four imports: shrinking would last for ever
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(before=states(), after=states())
def test_a_snapshot_and_its_delta_are_the_other_snapshot(
    db: None, tmp_path: Path, before: Tables, after: Tables
) -> None:
    with pytest.raises(_Undo), transaction.atomic():
        with writing("fixtures"):
            actor = Actor.system(make_agence(f"{AGENCE}-{new_id().hex[-8:]}", "Essai").agence.id, "test")
        with acting_as(actor):
            slug = _slug(actor)
        first = load(actor, make_dossier(tmp_path / "a.zip", before, {}, sequence=1, agence=slug))
        assert first.etat == EtatImport.APPLIQUE, first.bilan["codes"]
        delta = changes(before, after)
        if delta:
            done = load(actor, make_delta(tmp_path / "d.zip", copy.deepcopy(delta), 1, agence=slug))
            assert done.etat == EtatImport.APPLIQUE, done.bilan["codes"]
        found, held = on_line(actor), rights(actor)
        last = load(actor, make_dossier(tmp_path / "b.zip", after, {}, sequence=3, agence=slug))
        assert last.etat in {EtatImport.APPLIQUE, EtatImport.DEJA_APPLIQUE}
        assert differences(found, on_line(actor)) == {}
        assert held == rights(actor)
        raise _Undo


def _slug(actor: Actor) -> str:
    from palier.agences.models import Agence

    return str(Agence.objects.get(id=actor.agence_id).slug)
