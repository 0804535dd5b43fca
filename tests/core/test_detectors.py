"""The detectors detect: each is shown the fault it is there for."""

import pytest
from django.db import connection

from palier.accounts.models import Account
from palier.agences.models import Agence
from tests.cast import Cast
from tests.detectors import says_its_order


@pytest.mark.parametrize(
    ("statement", "ordered"),
    [
        ("select a from t order by a", True),
        ("select a from t ORDER\n BY a limit 3", True),
        ("select a from (select a from t order by a) x", False),
        ("select array_agg(a order by (b)), row_number() over (order by c) from t", False),
        ("select ' order by ' from t -- order by a", False),
        ("with x as (select 1 order by 1) select * from x order by 1", True),
    ],
)
def test_only_the_outermost_order_counts(statement: str, ordered: bool) -> None:
    assert says_its_order(statement) is ordered


def test_rows_without_order_come_in_another_one(db: None) -> None:
    statement = "select n from generate_series(1, 9) n"
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert [row[0] for row in cursor.fetchall()] != list(range(1, 10))
        cursor.execute(f"{statement} order by n")
        assert [row[0] for row in cursor.fetchall()] == list(range(1, 10))


def test_a_queryset_without_order_comes_in_another_one_and_has_no_first_row(cast: Cast) -> None:
    cast.system()
    plain = [account.pk for account in Account.objects.order_by("pk")]
    assert [account.pk for account in Account.objects.order_by("pk")] == plain
    seen = {tuple(account.pk for account in Account.objects.all()) for _ in range(3)}
    assert len(seen) > 1
    with pytest.raises(AssertionError, match="takes any row"):
        Agence.objects.all()[0]
