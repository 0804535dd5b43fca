"""The journal searched by person and object, and exported without a formula."""

import pytest

from palier.agences.actions import record_reading, record_view
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_search_by_name_and_by_object(cast: Cast) -> None:
    record_reading(cast.staff("gaston"), cast.acces["claire"].id)
    record_view(cast.staff("gaston"), cast.acces["leo"].id, "debut")
    client = cast.client("adele")

    def link(name: str) -> str:
        return f"/g/cabinet-a/personnes/{cast.acces[name].id}"

    page = client.get("/g/cabinet-a/journal?q=lefevre").content.decode()
    assert link("claire") in page and link("leo") not in page
    page = client.get(f"/g/cabinet-a/journal?q=acces:{cast.acces['leo'].id}").content.decode()
    assert link("leo") in page and link("claire") not in page
    assert client.get("/g/cabinet-a/journal?q=%25%27%22;--").status_code == 200


def test_export_is_for_the_administrator_of_this_agence(cast: Cast) -> None:
    record_reading(cast.staff("gaston"), cast.acces["claire"].id)
    answer = cast.client("adele").get("/g/cabinet-a/journal.csv?q=lefevre")
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    body = answer.content.decode()
    assert str(cast.acces["claire"].id) in body and ";=" not in body
    for name, expected in (("gaston", 403), ("bruno", 404), ("charlie", 404)):
        assert cast.client(name).get("/g/cabinet-a/journal.csv").status_code == expected
