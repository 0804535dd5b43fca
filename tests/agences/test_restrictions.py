"""What an agence keeps closed is closed at the floor, and opens again."""

from datetime import timedelta

import pytest
from django.db import connection

from palier.comptabilite.models import Mouvement
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.dates import today
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.courrier.avis import write_notices
from palier.courrier.avis_envoi import tell
from palier.ged.models import Document
from palier.retours.actions_coordonnees import propose_changes
from palier.retours.actions_justificatifs import Depot, send_proof
from palier.retours.enums import Rubrique
from palier.retours.rules.coordonnees import CHAMPS
from palier.vie_privee.contrats.restrictions import choose_closed
from tests.cast import Cast
from tests.factories import pdf

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


def test_changes_of_details_and_proofs_close_and_say_so(cast: Cast) -> None:
    leo, own = cast.client("leo"), cast.acces["leo"].id
    details, proofs = f"/mes-acces/{own}/coordonnees", f"/e/{cast.espace_id('leo')}/assurance"
    assert "Proposer un changement" in leo.get(details).content.decode()
    assert "Envoyer une attestation" in leo.get(proofs).content.decode()
    choose_closed(cast.staff("adele"), {"fonction": {"coordonnees", "justificatifs"}})
    page = leo.get(details).content.decode()
    assert "ne prend pas ces changements ici" in page and "Proposer un changement" not in page
    assert leo.get(f"{details}/modifier").status_code == 403
    values = {"adresse": dict.fromkeys(CHAMPS[Rubrique.ADRESSE], "X")}
    with pytest.raises(BusinessError) as refused:
        propose_changes(cast.actor("leo"), own, values)
    assert refused.value.code == "coordonnees_fermees"
    page = leo.get(proofs).content.decode()
    assert "ne prend pas d’attestation ici" in page and "Envoyer une attestation" not in page
    depot = Depot("attestation.pdf", pdf("Attestation"), today(), today() + timedelta(days=365))
    with pytest.raises(BusinessError) as refused:
        send_proof(cast.actor("leo"), own, cast.rows["comptes"]["leo"].id, depot)
    assert refused.value.code == "justificatifs_fermes"
    # Claire's other agence closed nothing; a correction is still asked in the rights centre (RGPD art. 16).
    other = cast.acces["claire_b"].id
    assert (
        "Proposer un changement"
        in cast.client("claire").get(f"/mes-acces/{other}/coordonnees").content.decode()
    )
    assert leo.get("/mon-compte/donnees/demandes").status_code == 200
    choose_closed(cast.staff("adele"), {})
    assert "Proposer un changement" in leo.get(details).content.decode()


@pytest.mark.parametrize("fonction", ["avis", "documents"])
def test_no_mail_of_new_documents_leaves_while_they_are_closed(cast: Cast, fonction: str) -> None:
    def told() -> int:
        cast.system()
        with writing("test"), connection.cursor() as cursor:
            cursor.execute("create temp table if not exists avis_document (id uuid) on commit drop")
            cursor.execute("truncate pg_temp.avis_document")
            cursor.execute("delete from courrier_avis")
            cursor.execute("insert into pg_temp.avis_document select id from ged_document")
            write_notices(cast.a.agence.id, new_id(), today())
            cursor.execute("update courrier_avis set prevu_le = now() - interval '1 minute'")
        cast.system()
        return tell(Actor.system(cast.a.agence.id, "test"), cast.a.agence)[1]

    with_notices = told()
    assert with_notices > 0
    choose_closed(cast.staff("adele"), {"fonction": {fonction}})
    assert told() == 0
    choose_closed(cast.staff("adele"), {})
    assert told() == with_notices
