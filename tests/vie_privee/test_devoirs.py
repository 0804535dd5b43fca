"""The processor's duties, as an agence, a person and the exploitant live them."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.urls import reverse

from palier.core.dates import today
from palier.courrier.models import Envoi
from palier.vie_privee.devoirs.queries import notices_suspended
from palier.vie_privee.models import Communication, Instruction, Obligation, SousTraitant
from tests.cast import Cast

HUB = "/exploitant/devoirs"
CONTRAT = "/g/cabinet-a/contrat"


def _announce(cast: Cast, **fields: Any) -> Any:
    data = {
        "nom": "Nuage d’Essai", "role": "hébergement", "donnees": "toutes", "pays": "FR",
        "depuis": (today() + timedelta(days=31)).isoformat(), **fields,
    }  # fmt: skip
    return cast.client("edgar").post(f"{HUB}/prestataire", data)


def test_a_provider_is_announced_a_month_before_and_agences_may_object(cast: Cast) -> None:
    assert _announce(cast, depuis=(today() + timedelta(days=5)).isoformat()).status_code == 422
    assert _announce(cast).status_code == 302
    assert Envoi.objects.filter(modele="sous_traitant").exists()
    row = SousTraitant.objects.get()
    assert "Nuage" in cast.client("anonyme").get("/sous-traitants").content.decode()
    adele = cast.client("adele")
    assert (
        adele.post(f"{CONTRAT}/prestataires/{row.id}/opposition", {"motif": "Concurrent."}).status_code == 302
    )
    assert "Concurrent." in cast.client("edgar").get(HUB).content.decode()
    assert "Concurrent." not in cast.client("bruno").get("/g/cabinet-b/contrat/prestataires").content.decode()


def test_a_transfer_outside_europe_needs_the_written_instruction_of_every_agence(cast: Cast) -> None:
    refused = _announce(cast, pays="US")
    assert refused.status_code == 422
    assert "Cabinet A" in refused.content.decode()
    assert not SousTraitant.objects.exists()


def test_an_instruction_is_dated_signed_seen_by_the_exploitant_and_ended(cast: Cast) -> None:
    adele = cast.client("adele")
    assert adele.post(CONTRAT, {"texte": "CANARI-INSTRUCTION", "effet": "avis_suspendus"}).status_code == 302
    page = adele.get(CONTRAT).content.decode()
    assert "CANARI-INSTRUCTION" in page
    assert "CANARI-INSTRUCTION" in cast.client("edgar").get(f"{HUB}/communications").content.decode()
    actor = cast.staff("adele")
    assert notices_suspended(actor, actor.agence_id)
    row = Instruction.objects.visible_to(actor).get()
    assert adele.post(f"{CONTRAT}/instructions/{row.id}/fin").status_code == 302
    assert not notices_suspended(cast.staff("adele"), actor.agence_id)
    assert adele.post(f"{CONTRAT}/instructions/{row.id}/fin").status_code == 404
    assert adele.post(CONTRAT, {"texte": "Vers Londres", "effet": "transfert"}).status_code == 422


def test_no_other_agence_and_no_client_reads_an_instruction_even_in_raw_sql(cast: Cast) -> None:
    cast.client("adele").post(CONTRAT, {"texte": "CANARI-INSTRUCTION", "effet": "aucun"})
    for name, seen in (("claire", 0), ("charlie", 0), ("sans", 0), ("edgar", 1)):
        cast.actor(name)
        with connection.cursor() as cursor:
            cursor.execute("select count(*) from vie_privee_instruction")
            assert cursor.fetchone()[0] == seen, name
    for who in ("gaston", "bruno", "charlie", "claire"):
        assert cast.client(who).get(CONTRAT).status_code in {403, 404}, who


def test_the_agence_is_told_of_a_legal_obligation_before_and_not_of_a_secret_one(cast: Cast) -> None:
    edgar = cast.client("edgar")
    fields = {
        "texte": "Remettre les journaux",
        "article": "Réquisition n° 12",
        "prevue_le": today().isoformat(),
    }
    page = f"{HUB}/obligation/cabinet-a"
    assert edgar.post(page, fields).status_code == 422
    fields["prevue_le"] = (today() + timedelta(days=3)).isoformat()
    assert edgar.post(page, fields).status_code == 302
    assert edgar.post(page, {**fields, "article": "CANARI-SECRET", "secrete": "on"}).status_code == 302
    assert "Réquisition n° 12" in cast.client("adele").get(CONTRAT).content.decode()
    assert "CANARI-SECRET" not in cast.client("adele").get(CONTRAT).content.decode()
    actor = cast.staff("adele")
    assert Obligation.objects.visible_to(actor).get().lue_le is not None
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from vie_privee_obligation")
        assert cursor.fetchone()[0] == 1
    assert Envoi.objects.filter(modele="obligation_legale").count() == 1


def test_a_disclosure_by_consent_waits_for_it_and_it_can_be_withdrawn(cast: Cast) -> None:
    edgar, claire = cast.client("edgar"), cast.client("claire")
    data = {
        "base": "consentement", "destinataire": "Notaire Essai", "donnees": "adresse e-mail", "motif": "Vente",
        "email": cast.accounts["claire"].email,
    }  # fmt: skip
    assert edgar.post(f"{HUB}/communication", {**data, "email": ""}).status_code == 422
    assert edgar.post(f"{HUB}/communication", data).status_code == 302
    row = Communication.objects.get()
    assert row.etat == "demandee"
    done = f"{HUB}/communication/{row.id}/faite"
    assert edgar.post(done).status_code == 409
    answer = reverse("communication_repondre", args=[row.id])
    assert cast.client("charlie").post(answer, {"accord": "oui"}).status_code == 404
    assert "Notaire Essai" in claire.get("/mon-compte/communications").content.decode()
    claire.post(answer, {"accord": "oui"})
    claire.post(answer, {"accord": "non"})
    assert edgar.post(done).status_code == 409
    claire.post(answer, {"accord": "oui"})
    assert edgar.post(done).status_code == 302
    assert claire.post(answer, {"accord": "non"}).status_code == 404
    row.refresh_from_db()
    assert row.etat == "faite"


def test_the_law_as_a_ground_is_quoted(cast: Cast) -> None:
    data = {"base": "loi", "destinataire": "Tribunal", "donnees": "connexions", "motif": "Réquisition"}
    edgar = cast.client("edgar")
    assert edgar.post(f"{HUB}/communication", data).status_code == 422
    assert edgar.post(f"{HUB}/communication", {**data, "article": "CPP art. 60-1"}).status_code == 302
    assert "CPP art. 60-1" in edgar.get(f"{HUB}/communications").content.decode()


def test_the_papers_are_printed(cast: Cast) -> None:
    edgar, adele = cast.client("edgar"), cast.client("adele")
    for qualite in ("responsable", "sous_traitant"):
        assert edgar.get(f"{HUB}/registre/{qualite}.pdf").content.startswith(b"%PDF")
        assert "Finalité" not in edgar.get(f"{HUB}/registre/{qualite}.csv").content.decode("utf-8-sig")[:6]
    assert edgar.get(f"{HUB}/registre/rien.pdf").status_code == 404
    assert adele.get(f"{CONTRAT}/accord.pdf").content.startswith(b"%PDF")
    assert adele.get(f"{CONTRAT}/registre.csv").status_code == 200
    assert adele.get(f"{CONTRAT}/registre.exe").status_code == 404


def test_only_the_exploitant_keeps_the_registers(cast: Cast) -> None:
    for who in ("claire", "charlie", "gaston", "adele", "sans"):
        assert cast.client(who).get(HUB).status_code == 404, who
        assert cast.client(who).get(f"{HUB}/registre/responsable.csv").status_code == 404, who
