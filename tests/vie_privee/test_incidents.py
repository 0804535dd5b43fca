"""Incidents from detection to notice, the misuse reported, the visits on request, who looked at my data."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from palier.acces.models import Acces
from palier.accounts.models import Account
from palier.core.action import writing
from palier.core.dates import PARIS, now
from palier.core.throttle import count
from palier.courrier.models import Envoi
from palier.ged.models import Document
from palier.patrimoine.models import Copropriete
from palier.vie_privee.incidents.detection import look
from palier.vie_privee.incidents.ouverture import open_incident
from palier.vie_privee.models import Assistance, EtatPublic, Incident, IncidentAgence, IncidentPersonne
from palier.vie_privee.rules.incidents import (
    ESSAIS_PAR_HEURE,
    HORS_PORTEFEUILLE_PAR_HEURE,
    echeance_cnil,
    far_apart,
    network,
)
from tests.acces.test_portefeuille import keep
from tests.cast import Cast

HUB = "/exploitant/incidents"
BUREAU = "/g/cabinet-a"


def test_the_clock_is_72_hours() -> None:
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert echeance_cnil(start) == datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("address", "expected"),
    [("192.0.2.7", "192.0"), ("2001:db8:1::1", "2001:0db8"), ("::ffff:192.0.2.7", "192.0")],
)
def test_networks_are_wide(address: str, expected: str) -> None:
    assert network(address) == expected


def test_three_networks_in_an_hour_are_far_apart_and_two_are_a_phone() -> None:
    t = datetime(2026, 1, 1, tzinfo=UTC)
    two = [(t, "192.0.2.1"), (t + timedelta(minutes=5), "198.51.100.1")]
    assert not far_apart(two)
    assert far_apart([*two, (t + timedelta(minutes=50), "203.0.113.1")])
    assert not far_apart([*two, (t + timedelta(minutes=70), "203.0.113.1")])


def test_the_same_thing_seen_twice_is_one_incident(db: None) -> None:
    for _ in range(2):
        opened = open_incident("essais", "Essais", key="essais:jour:x", since=now())
    assert opened == 0
    assert Incident.objects.count() == 1
    assert Envoi.objects.filter(modele="incident_ouvert").count() == 1


def test_one_address_that_insists_on_an_account_opens_an_incident(real_base: None) -> None:
    """Refused at its own limit, it weighs on no account's counter: it is seen all the same, and after its window."""
    for _ in range(ESSAIS_PAR_HEURE - 1):
        count("connexion_couple", "claire@courriel.example|198.51.100.7", 600)
    assert look() == 0
    count("connexion_couple", "claire@courriel.example|198.51.100.7", 600)
    with connection.cursor() as cursor:
        cursor.execute("update core_compteur set fin = now() - interval '20 minutes'")
    assert [look(), look()] == [1, 0]


def test_mass_downloads_open_an_incident(cast: Cast) -> None:
    cast.system()
    with writing("fixtures"), connection.cursor() as cursor:
        cursor.execute(
            "insert into core_journal (chaine_id, sequence, le, gesture, role, account_id, objet, detail, precedent, empreinte)"
            " select %s, 0, now(), 'document:read', 'client', %s, 'document:' || n, '{}', '', '' from generate_series(1, 200) n",
            [cast.a.agence.id, cast.accounts["claire"].pk],
        )
    assert look() == 1
    assert look() == 0
    assert Incident.objects.get().account_id == cast.accounts["claire"].pk


def outside(cast: Cast, model: Any) -> list[UUID]:
    """Return the rows of agence A that Gaston does not follow."""
    followed = set(_ids(model, cast.staff("gaston")))
    return [pk for pk in _ids(model, cast.staff("adele")) if pk not in followed]


def _ids(model: Any, actor: Any) -> list[UUID]:
    return list(model.objects.visible_to(actor).order_by("id").values_list("id", flat=True))


def test_asking_for_what_is_outside_ones_portfolio_is_refused_written_and_told(cast: Cast) -> None:
    elsewhere = Copropriete.objects.visible_to(cast.staff("adele")).order_by("id").last()
    keep(cast, elsewhere.id)
    gaston = cast.client("gaston")
    addresses = [
        f"{BUREAU}/{door}/{pk}"
        for door, model in (("personnes", Acces), ("documents", Document))
        for pk in outside(cast, model)
    ][:HORS_PORTEFEUILLE_PAR_HEURE]
    assert len(addresses) == HORS_PORTEFEUILLE_PAR_HEURE
    assert (
        gaston.get(f"{BUREAU}/personnes/{UUID(int=7)}").status_code == 404
    )  # an address of nothing: no line
    for address in (addresses[0], *addresses[:-1]):
        assert gaston.get(address).status_code == 404
    assert look() == 0
    assert gaston.get(addresses[-1]).status_code == 404
    assert look() == 1
    assert look() == 0
    incident = Incident.objects.get()
    assert (incident.genre, incident.account_id) == ("hors_portefeuille", cast.accounts["gaston"].pk)
    journal = cast.client("adele").get(f"{BUREAU}/journal").content.decode()
    assert "Fiche demandée hors du portefeuille, refusée" in journal


def test_reporting_closes_everything_and_tells(cast: Cast) -> None:
    other, claire = cast.client("claire"), cast.client("claire")
    assert "Fermer tout" in claire.get(reverse("signaler")).content.decode()
    response = claire.post(reverse("signaler"), {"recit": "Un appareil inconnu."})
    assert response["Location"] == reverse("connexion")
    assert claire.get("/accueil").status_code == 302
    assert other.get("/accueil").status_code == 302
    assert not Account.objects.get(pk=cast.accounts["claire"].pk).has_usable_password()
    incident = Incident.objects.get()
    assert (incident.genre, incident.description) == ("signalement", "Un appareil inconnu.")
    assert Envoi.objects.filter(modele="usage_anormal").exists()
    assert Envoi.objects.filter(modele="usage_anormal_recu").exists()
    assert "Un appareil inconnu" not in cast.client("adele").get(f"{BUREAU}/incidents").content.decode()


def _incident(cast: Cast) -> Any:
    cast.client("gaston").get(f"{BUREAU}/personnes/{cast.acces['claire'].id}")
    edgar = cast.client("edgar")
    created = edgar.post(
        HUB, {"genre": "autre", "titre": "Fuite d’essai", "description": "Un fichier vu par erreur."}
    )
    row = Incident.objects.get()
    assert created["Location"] == reverse("exploitant:incident", args=[row.id])
    with writing("fixtures"):
        Incident.objects.filter(id=row.id).update(debut_le=now() - timedelta(hours=1))
    return row


def test_an_incident_is_measured_told_and_closed_only_then(cast: Cast) -> None:
    row, edgar = _incident(cast), cast.client("edgar")
    page = f"{HUB}/{row.id}"
    facts = {
        "qualifier": "1", "titre": row.titre, "violation": "on", "gravite": "eleve", "description": "d", "donnees": "noms",
        "consequences": "aucune", "mesures": "fermé",
    }  # fmt: skip
    assert edgar.post(page, facts).status_code == 302
    assert edgar.post(page, {"acte": "clore"}).status_code == 409
    assert edgar.post(page, {"acte": "agences"}).status_code == 409
    assert edgar.post(page, {"acte": "mesurer"}).status_code == 302
    row.refresh_from_db()
    assert row.personnes == 1
    edgar.post(page, {"acte": "agences"})
    assert edgar.post(page, {"acte": "cnil", "reference": "V-1"}).status_code == 302
    assert edgar.post(page, {"acte": "clore"}).status_code == 302
    assert edgar.get(f"{page}/cnil.pdf").content.startswith(b"%PDF")
    assert edgar.post(page, facts).status_code == 409
    assert cast.accounts["claire"].email not in edgar.get(page).content.decode()


def test_past_72_hours_the_reason_is_asked(cast: Cast) -> None:
    row, edgar = _incident(cast), cast.client("edgar")
    with writing("fixtures"):
        Incident.objects.filter(id=row.id).update(constate_le=now() - timedelta(hours=73))
    assert edgar.post(f"{HUB}/{row.id}", {"acte": "cnil", "reference": "V-2"}).status_code == 422
    assert (
        edgar.post(f"{HUB}/{row.id}", {"acte": "cnil", "reference": "V-2", "retard": "Férié."}).status_code
        == 302
    )


def test_the_agence_sees_its_persons_tells_them_and_no_other_agence_does(cast: Cast) -> None:
    row, edgar, adele = _incident(cast), cast.client("edgar"), cast.client("adele")
    for act in ("mesurer", "agences"):
        edgar.post(f"{HUB}/{row.id}", {"acte": act})
    page = adele.get(f"{BUREAU}/incidents").content.decode()
    assert "Fuite d’essai" in page
    told = f"{BUREAU}/incidents/{row.id}/prevenir"
    assert adele.post(told, {"message": ""}).status_code == 422
    assert adele.post(told, {"message": "Changez votre code."}).status_code == 302
    assert Envoi.objects.filter(modele="incident_personne").count() == 1
    assert adele.post(told, {"message": "Encore."}).status_code == 302
    assert Envoi.objects.filter(modele="incident_personne").count() == 1
    cast.staff("bruno", cast.b)
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from vie_privee_incidentagence), (select count(*) from vie_privee_incidentpersonne)"
        )
        assert cursor.fetchone() == (0, 0)
    cast.actor("edgar")
    with connection.cursor() as cursor:
        cursor.execute(
            "select (select count(*) from vie_privee_incidentagence), (select count(*) from vie_privee_incidentpersonne)"
        )
        assert cursor.fetchone() == (1, 0)
    actor = cast.staff("adele")
    assert IncidentAgence.objects.visible_to(actor).get().lue_le is not None
    assert IncidentPersonne.objects.visible_to(actor).get().prevenue_le is not None
    assert cast.client("charlie").post(told, {"message": "x"}).status_code == 404


def test_the_public_status_says_what_goes_on(cast: Cast) -> None:
    edgar, anyone = cast.client("edgar"), cast.client("anonyme")
    assert "normalement" in anyone.get("/etat").content.decode()
    words = {
        "etat": "1",
        "titre_fr": "Lenteurs",
        "texte_fr": "Nous cherchons.",
        "titre_en": "Slow",
        "texte_en": "Looking.",
    }
    assert edgar.post(HUB, words).status_code == 302
    assert "Lenteurs" in anyone.get("/etat").content.decode()
    row = EtatPublic.objects.get()
    assert edgar.post(HUB, {"finir": str(row.id)}).status_code == 302
    assert edgar.post(HUB, {"finir": "x"}).status_code == 404
    assert "normalement" in anyone.get("/etat").content.decode()


def test_the_exploitant_never_enters_unless_called_and_every_page_is_written(cast: Cast) -> None:
    edgar, adele = cast.client("edgar"), cast.client("adele")
    fiche = f"{BUREAU}/personnes/{cast.acces['claire'].id}"
    assert edgar.get(f"{BUREAU}/").status_code == 404
    assert adele.post(f"{BUREAU}/assistance", {"motif": "", "heures": "2"}).status_code == 422
    assert adele.post(f"{BUREAU}/assistance", {"motif": "Import refusé", "heures": "24"}).status_code == 422
    assert adele.post(f"{BUREAU}/assistance", {"motif": "Import refusé", "heures": "2"}).status_code == 302
    assert adele.post(f"{BUREAU}/assistance", {"motif": "Encore", "heures": "2"}).status_code == 409
    assert "Import refusé" in edgar.get("/exploitant/assistance").content.decode()
    assert edgar.get(f"{BUREAU}/").status_code == 200
    assert edgar.get(fiche).status_code == 200
    assert edgar.get("/g/cabinet-b/").status_code == 404
    assert edgar.post(f"{fiche}/code/lettre").status_code == 404
    assert edgar.post(f"{fiche}/voir").status_code == 404
    assert edgar.get(f"{BUREAU}/reglages").status_code in {403, 404}
    assert "jusqu’à" in adele.get(f"{BUREAU}/").content.decode()
    seen = cast.client("claire").get(reverse("consultations")).content.decode()
    assert "assistance" in seen
    row = Assistance.objects.visible_to(cast.staff("adele")).get()
    assert row.pages >= 2
    assert adele.post(f"{BUREAU}/assistance/{row.id}/fin").status_code == 302
    assert edgar.get(f"{BUREAU}/").status_code == 404


def test_an_assistance_ends_by_itself(cast: Cast) -> None:
    cast.client("adele").post(f"{BUREAU}/assistance", {"motif": "Import refusé", "heures": "1"})
    actor = cast.staff("adele")
    with writing("fixtures"):
        Assistance.objects.visible_to(actor).update(fin_le=now() - timedelta(seconds=1))
    assert cast.client("edgar").get(f"{BUREAU}/").status_code == 404


def test_each_reading_of_a_persons_page_is_shown_to_him_alone(cast: Cast) -> None:
    cast.client("gaston").get(f"{BUREAU}/personnes/{cast.acces['claire'].id}")
    page = cast.client("claire").get(reverse("consultations")).content.decode()
    assert "Fiche consultée" in page
    assert "Cabinet A" in page
    assert "Fiche consultée" not in cast.client("charlie").get(reverse("consultations")).content.decode()


def test_the_portals_chain_is_read_by_nobody_but_its_author_and_the_exploitant(cast: Cast) -> None:
    cast.client("claire").post(reverse("signaler"), {})
    for name, seen in (("charlie", 0), ("claire", 1), ("edgar", 1)):
        cast.actor(name)
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) > 0 from core_journal where objet = %s",
                [f"account:{cast.accounts['claire'].pk}"],
            )
            assert cursor.fetchone()[0] == bool(seen), name


def test_only_the_exploitant_manages_incidents(cast: Cast) -> None:
    for who in ("claire", "charlie", "gaston", "adele", "sans"):
        assert cast.client(who).get(HUB).status_code == 404, who
        assert cast.client(who).get("/exploitant/assistance").status_code == 404, who
    for who in ("gaston", "bruno", "charlie"):
        assert cast.client(who).get(f"{BUREAU}/incidents").status_code in {403, 404}, who
        assert cast.client(who).post(f"{BUREAU}/assistance", {"motif": "x", "heures": "2"}).status_code in {
            403,
            404,
        }, who


def test_an_incident_learned_of_earlier_starts_its_clock_then_and_finds_who_was_concerned(cast: Cast) -> None:
    edgar = cast.client("edgar")
    cast.client("gaston").get(
        f"{BUREAU}/personnes/{cast.acces['claire'].id}"
    )  # read before it was written down
    learned = (now() - timedelta(hours=10)).astimezone(PARIS)
    facts = {"genre": "autre", "titre": "Un fichier égaré", "description": "Rappelé."}
    late = {
        "constate_le": f"{learned:%Y-%m-%dT%H:%M}",
        "debut_le": f"{learned - timedelta(days=2):%Y-%m-%dT%H:%M}",
    }
    for bad in (
        {"constate_le": f"{now().astimezone(PARIS) + timedelta(hours=2):%Y-%m-%dT%H:%M}"},
        {"constate_le": late["debut_le"], "debut_le": late["constate_le"]},
        {"constate_le": "hier"},
    ):
        assert edgar.post(HUB, {**facts, **bad}).status_code == 422
    assert not Incident.objects.exists()
    assert edgar.post(HUB, {**facts, **late}).status_code == 302
    row = Incident.objects.get()
    assert abs(echeance_cnil(row.constate_le) - (learned + timedelta(hours=72))) < timedelta(minutes=1)
    edgar.post(f"{HUB}/{row.id}", {"acte": "mesurer"})
    cast.system()
    assert (
        IncidentPersonne.objects.visible_to(cast.system()).filter(acces_id=cast.acces["claire"].id).exists()
    )
