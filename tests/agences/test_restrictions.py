"""What an agence keeps closed is closed at the floor, and opens again."""

import pytest

from palier.comptabilite.models import Mouvement
from palier.core.errors import Invisible
from palier.ged.models import Document
from palier.vie_privee.contrats.restrictions import choose_closed
from tests.cast import Cast

PAGE = "/g/cabinet-a/restrictions"


def test_a_capacity_closes_its_spaces_and_opens_again(cast: Cast) -> None:
    assert cast.client("leo").get(f"/e/{cast.espace_id('leo')}/").status_code == 200
    choose_closed(cast.staff("adele"), {"qualite": {"locataire"}})
    assert cast.client("leo").get(f"/e/{cast.espace_id('leo')}/").status_code == 404
    assert cast.client("conrad").get(f"/e/{cast.espace_id('conrad')}/").status_code == 200
    choose_closed(cast.staff("adele"), {})
    assert Document.objects.visible_to(cast.actor("leo")).filter(titre__contains="CANARI-A-LEO").exists()


def test_a_copropriete_closes_for_its_owners(cast: Cast) -> None:
    choose_closed(cast.staff("adele"), {"copropriete": {str(cast.rows["copropriete"].id)}})
    assert cast.client("conrad").get(f"/e/{cast.espace_id('conrad')}/").status_code == 404
    assert cast.client("charlie").get(f"/e/{cast.espace_id('charlie')}/").status_code == 200


def test_a_feature_closes_by_the_row_policy(cast: Cast) -> None:
    claire = cast.actor("claire")
    before = Document.objects.visible_to(claire).count()
    assert Mouvement.objects.visible_to(claire).exists()
    choose_closed(cast.staff("adele"), {"fonction": {"documents", "comptes"}})
    claire = cast.actor("claire")
    left = list(Document.objects.visible_to(claire).order_by("titre"))
    assert 0 < len(left) < before
    assert {d.agence_id for d in left} == {cast.b.agence.id}
    assert not Mouvement.objects.visible_to(claire).filter(agence_id=cast.a.agence.id).exists()
    assert Document.objects.visible_to(cast.staff("gaston")).exists()


def test_only_the_administrator_decides_and_only_about_his_agence(cast: Cast) -> None:
    with pytest.raises(Invisible):
        choose_closed(cast.staff("adele"), {"copropriete": {"00000000-0000-0000-0000-000000000001"}})
    assert cast.client("gaston").get(PAGE).status_code == 403
    for who in ("claire", "charlie", "bruno"):
        assert cast.client(who).post(PAGE, {}).status_code == 404
    client = cast.client("adele")
    assert client.post(PAGE, {"qualite": ["bailleur"]}).status_code == 302
    assert "checked" in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"qualite": ["roi"]}).status_code == 404
