"""Money: no cent lost, no cent found."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palier.core.money import euros, repartir, round_cent

amounts = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2)
weights = st.lists(st.integers(min_value=0, max_value=100_000), min_size=1, max_size=60).filter(
    lambda w: sum(w) > 0
)


@given(amounts, weights)
def test_repartir_sums_to_the_amount(montant: Decimal, poids: list[int]) -> None:
    assert sum(repartir(montant, poids), Decimal(0)) == montant


@given(amounts, weights)
def test_repartir_stays_within_a_cent_of_the_exact_share(montant: Decimal, poids: list[int]) -> None:
    for part, weight in zip(repartir(montant, poids), poids, strict=True):
        assert abs(part - montant * weight / sum(poids)) < Decimal("0.01")


@pytest.mark.parametrize("poids", [[], [0, 0], [1, -1]])
def test_repartir_refuses_weights_that_share_nothing(poids: list[int]) -> None:
    with pytest.raises(ValueError, match="poids"):
        repartir(Decimal("10.00"), poids)


def test_euros_french_and_english() -> None:
    assert euros(Decimal("1234567.5")) == "1\u202f234\u202f567,50\u202f€"
    assert euros(Decimal("-0.005")) == "\u22120,01\u202f€"
    assert euros(Decimal("1234.5"), "en") == "€1,234.50"


def test_round_cent_rounds_half_up() -> None:
    assert round_cent(Decimal("0.005")) == Decimal("0.01")
