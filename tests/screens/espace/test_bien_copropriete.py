"""What a co-owner reads of his copropriété: contracts, meetings, budget and expenses; nobody else does."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from palier.assemblees.models import Assemblee, Resolution
from palier.comptabilite.models import Budget, Depense, Exercice
from palier.core.action import writing
from palier.patrimoine.models import CleRepartition, Contrat, Copropriete
from tests.cast import Cast
from tests.test_pages import QUERIES, queries


def page(cast: Cast, name: str) -> str:
    html = cast.client(name).get(f"/e/{cast.espace_id(name)}/bien").content.decode()
    return re.sub(r"[\u00a0\u202f]", " ", html)


@pytest.fixture
def comptes(cast: Cast) -> Cast:
    """Level N3 of the copropriété where Claire owns."""
    cast.system()
    espace = cast.espaces["claire"]
    compte = espace.compte_client
    copro = Copropriete.objects.unguarded("fixtures").get(
        agence_id=espace.agence_id, id=compte.copropriete_id
    )
    maison = cast.a

    def facts(table: str, reference: str) -> dict[str, Any]:
        return {**maison._imported(table, reference, copro.id), "cercle_id": copro.cercle_id}

    with writing("fixtures"):
        cle = CleRepartition.objects.create(
            **facts("cles", "KN3"),
            copropriete_id=copro.id,
            code="1",
            libelle="CLE-GENERALE",
            base=Decimal(1000),
        )
        exercice = Exercice.objects.create(
            **facts("exercices", "XN3"), copropriete_id=copro.id, libelle="EXERCICE-2026", debut=date(2026, 1, 1),
            fin=date(2026, 12, 31), statut="ouvert",
        )  # fmt: skip
        for number, name, vote, spent in (
            ("615", "Entretien", "1200.00", "300.00"),
            ("616", "Assurance", "800.00", "790.50"),
        ):
            Budget.objects.create(
                **facts("budgets", number), exercice_id=exercice.id, cle_id=cle.id, compte_comptable=number,
                libelle=name, vote=Decimal(vote), realise=Decimal(spent),
            )  # fmt: skip
        for n, amount in enumerate(("300.00", "790.50")):
            Depense.objects.create(
                **facts("depenses", f"D{n}"), exercice_id=exercice.id, cle_id=cle.id, le=date(2026, 3, n + 1),
                compte_comptable="615", fournisseur="FOURNISSEUR-N3", libelle="Facture", montant_ttc=Decimal(amount),
            )  # fmt: skip
        assemblee = Assemblee.objects.create(
            **facts("assemblees", "AGN3"), copropriete_id=copro.id, type="ordinaire", statut="tenue",
            le=datetime(2026, 5, 20, 16, 30, tzinfo=UTC), lieu="SALLE-N3",
        )  # fmt: skip
        for rang in ("10", "9"):
            Resolution.objects.create(
                **facts("resolutions", rang), assemblee_id=assemblee.id, numero=rang, titre=f"RESOLUTION-{rang}",
                majorite="art24", resultat="adoptee", pour=Decimal("820.000"),
            )  # fmt: skip
        Contrat.objects.create(
            **facts("contrats", "CTN3"), copropriete_id=copro.id, type="assurance_immeuble", fournisseur="ASSUREUR-N3",
            numero="POL-1", fin=date(2027, 1, 1),
        )  # fmt: skip
        interne = {**facts("contrats", "CTN4"), "cercle_id": maison.cercle("interne", espace.agence_id)}
        Contrat.objects.create(
            **interne, copropriete_id=copro.id, type="contrat_travail", fournisseur="EMPLOYE-N3"
        )
    return cast


MOTS = ("ASSUREUR-N3", "SALLE-N3", "RESOLUTION-9", "EXERCICE-2026", "FOURNISSEUR-N3", "CLE-GENERALE")


def test_a_co_owner_reads_contracts_meetings_and_accounts(comptes: Cast) -> None:
    html = page(comptes, "claire")
    assert [m for m in MOTS if m not in html] == []
    assert "EMPLOYE-N3" not in html
    assert html.index("RESOLUTION-9") < html.index("RESOLUTION-10")
    assert "18:30" in html  # the time of Paris
    assert "2 000,00 €" in html  # voted
    assert "1 090,50 €" in html  # spent, and the sum of the invoices
    assert "2 factures" in html


def test_the_page_takes_eight_queries_at_most(comptes: Cast) -> None:
    client = comptes.client("claire")
    address = f"/e/{comptes.espace_id('claire')}/bien"
    client.get(address)  # the first page of a session writes when it was last seen
    status, count, _body, _kind = queries(client, address)
    assert (status, count) <= (200, QUERIES), count


def test_nobody_else_reads_them(comptes: Cast) -> None:
    for name in ("fabien", "leo", "anna"):
        html = page(comptes, name)
        assert [m for m in MOTS if m in html] == [], name
    address = f"/e/{comptes.espace_id('claire')}/bien"
    assert comptes.client("charlie").get(address).status_code == 404
    for model in (Contrat, Assemblee, Resolution, Budget, Depense, Exercice):
        assert not model.objects.visible_to(comptes.actor("charlie")).exists()
        assert not model.objects.visible_to(comptes.actor("fabien")).exists()


def test_empty_sections_say_so(cast: Cast) -> None:
    html = page(cast, "claire")
    assert "n’indique pas de contrat" in html
    assert "n’indique pas d’assemblée" in html
    assert "pas encore communiqué le budget" in html
