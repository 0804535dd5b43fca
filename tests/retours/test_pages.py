"""The pages, as browsers post them: the person's, the tenant's, the agence's; and everybody else gets 404."""

import io
import re
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from palier.retours.models import ChangementCoordonnees, Consentement, Justificatif, Retour
from tests.cast import Cast
from tests.factories import pdf
from tests.retours.outils import ask, prepare, send

FORM = {
    "adresse_1": "8 rue des Lilas", "adresse_2": "", "code_postal": "31500", "ville": "Toulouse", "pays": "FR",
    "telephone_mobile": "06 12 34 56 78", "telephone_fixe": "", "email": "claire.lefevre@poste.example",
}  # fmt: skip


def text(response: Any) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", response.content.decode())


def here(cast: Cast, who: str = "claire") -> str:
    return f"/mes-acces/{cast.acces[who].id}"


def test_propose_then_see_then_cancel(cast: Cast) -> None:
    client, base = cast.client("claire"), here(cast)
    page = text(client.get(f"{base}/coordonnees"))
    assert "claire.lefevre@poste.example" in page and "encore jamais confirmé" in page
    assert client.post(f"{base}/coordonnees/modifier", FORM).status_code == 302
    page = text(client.get(f"{base}/coordonnees"))
    assert "8 rue des Lilas, 31500 Toulouse" in page and "06 12 34 56 78" in page and "Demandé" in page
    rows = ChangementCoordonnees.objects.visible_to(cast.actor("claire")).order_by("rubrique")
    assert [r.rubrique for r in rows] == ["adresse", "telephone_mobile"]
    assert client.post(f"{base}/coordonnees/{rows[0].id}/annuler").status_code == 302
    assert client.post(f"{base}/coordonnees/{rows[0].id}/annuler").status_code == 409
    assert "Annulé" in text(client.get(f"{base}/coordonnees"))


@pytest.mark.parametrize(
    ("champ", "value", "said"),
    [
        ("telephone_mobile", "06 12", "Ce numéro n’est pas complet"),
        ("telephone_mobile", "05 61 00 00 00", "Un mobile commence par 06 ou 07"),
        ("code_postal", "3150", "Ce code postal n’est pas complet"),
        ("ville", "", "Remplissez ce champ"),
        ("email", "claire", "Cette adresse e-mail n’est pas complète"),
        ("email", "", "ne s’efface pas ici"),
        ("adresse_1", "=cmd|' /C calc'!A0", "ne commence pas par ="),
        ("pays", "XX", "Sélectionnez un choix valide"),
        ("adresse_1", "x" * 500, "trop long"),
    ],
)
def test_a_bad_value_is_said_beside_its_field(cast: Cast, champ: str, value: str, said: str) -> None:
    response = cast.client("claire").post(f"{here(cast)}/coordonnees/modifier", {**FORM, champ: value})
    assert response.status_code == 422
    assert said in text(response) and "Erreur :" in text(response)
    assert not ChangementCoordonnees.objects.visible_to(cast.actor("claire")).exists()


def test_confirm_stops_the_reminder(cast: Cast) -> None:
    client = cast.client("claire")
    session = client.session
    session["visite_le"], session["coordonnees_a_verifier"] = 2**40, [str(cast.acces["claire"].id)]
    session.save()
    assert "plus d’un an, sont-elles justes" in text(client.get("/accueil"))
    assert client.post(f"{here(cast)}/coordonnees/confirmer").status_code == 302
    assert "plus d’un an, sont-elles justes" not in text(client.get("/accueil"))


def test_consents_page_gives_and_withdraws(cast: Cast) -> None:
    client, base = cast.client("leo"), here(cast, "leo")
    page = text(client.get(f"{base}/accords"))
    assert "art. 21" in page and "vous n’avez rien accepté" in page and "Appels de fonds" not in page
    data = {"sens": "donne", "version": "1"}
    assert client.post(f"{base}/accords/quittance", data).status_code == 302
    assert client.post(f"{base}/accords/quittance", data).status_code == 302
    page = text(client.get(f"{base}/accords"))
    assert "Par voie électronique" in page and "Retirer mon accord" in page
    assert Consentement.objects.visible_to(cast.actor("leo")).count() == 1
    assert client.post(f"{base}/accords/appel_de_fonds", data).status_code == 404
    assert client.post(f"{base}/accords/quittance", {"sens": "retire", "version": "0"}).status_code == 409


def upload(content: bytes, name: str = "attestation.pdf") -> dict[str, Any]:
    return {"fichier": SimpleUploadedFile(name, content), "du": "2026-09-01", "au": "2027-08-31"}


def test_tenant_sends_reads_replaces_and_deletes(cast: Cast) -> None:
    client, base = cast.client("leo"), f"/e/{cast.espace_id('leo')}/assurance"
    assert "Aucune attestation en cours" in text(client.get(base))
    assert client.post(f"{base}/envoyer", upload(pdf("a"))).status_code == 302
    row = Justificatif.objects.visible_to(cast.actor("leo")).get()
    page = text(client.get(base))
    assert "couvre jusqu’au 31 août 2027" in page and "attestation.pdf" in page
    answer = client.get(f"{base}/{row.id}")
    assert answer.content == pdf("a") and answer["Content-Type"] == "application/pdf"
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Content-Disposition"].startswith(
        "attachment"
    )
    assert client.post(f"{base}/envoyer", {**upload(pdf("b")), "remplace": str(row.id)}).status_code == 302
    rows = Justificatif.objects.visible_to(cast.actor("leo")).exclude(etat="annule")
    assert rows.count() == 1
    assert client.post(f"{base}/{rows.get().id}/supprimer").status_code == 302
    assert client.get(f"{base}/{row.id}").status_code == 404


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"MZ\x90", "ni un PDF"),
        (b"%PDF-1.4 cut", "incomplet"),
        (b"", "vide"),
    ],
)
def test_a_bad_file_is_said(cast: Cast, content: bytes, said: str) -> None:
    response = cast.client("leo").post(f"/e/{cast.espace_id('leo')}/assurance/envoyer", upload(content))
    assert response.status_code == 422 and said in text(response)


def test_former_tenant_sees_his_and_no_form(cast: Cast) -> None:
    base = f"/e/{cast.espace_id('anna')}/assurance"
    response = cast.client("anna").get(base)
    if response.status_code == 200:
        assert "Votre bail est terminé" in text(response) and "Envoyer une attestation" not in text(response)
        assert cast.client("anna").post(f"{base}/envoyer", upload(pdf("a"))).status_code == 422
    else:
        assert response.status_code == 404


@pytest.mark.parametrize("who", ["anonyme", "sans", "charlie", "conrad", "bruno", "gaston", "edgar"])
def test_everybody_else_gets_404(cast: Cast, who: str) -> None:
    change, proof = ask(cast), send(cast)
    client = cast.client(who)
    e, a = f"/e/{cast.espace_id('leo')}/assurance", here(cast)
    for address in (e, f"{e}/{proof.id}", f"{a}/coordonnees", f"{a}/coordonnees/modifier", f"{a}/accords"):
        assert client.get(address).status_code in {404, 302}, address
    for address in (f"{e}/envoyer", f"{e}/{proof.id}/supprimer", f"{a}/coordonnees/{change.id}/annuler",
                    f"{a}/coordonnees/confirmer", f"{a}/coordonnees/modifier", f"{a}/accords/notification"):  # fmt: skip
        response = client.post(address, {**FORM, **upload(pdf("x"))})
        assert response.status_code == 404 or response.url.startswith("/connexion"), address
    cast.staff("gaston")
    actor = cast.staff("gaston")
    assert ChangementCoordonnees.objects.visible_to(actor).get().etat == "demande"
    assert Justificatif.objects.visible_to(actor).get().etat == "demande"


def test_a_capacity_without_a_lease_has_no_insurance_page(cast: Cast) -> None:
    for who in ("claire", "beatrice"):
        assert cast.client(who).get(f"/e/{cast.espace_id(who)}/assurance").status_code == 404


def test_the_proof_of_one_space_does_not_open_from_another(cast: Cast) -> None:
    proof = send(cast)
    other = cast.client("claire").get(f"/e/{cast.espace_id('claire_b')}/assurance/{proof.id}")
    assert other.status_code == 404


def test_desk_prepares_downloads_and_acknowledges(cast: Cast) -> None:
    ask(cast)
    send(cast)
    client = cast.client("gaston")
    page = text(client.get("/g/cabinet-a/retours"))
    assert (
        "Préparer le retour n° 1" in page
        and "Mme Claire Lefèvre" in page
        and "aucun → 06 12 34 56 78" in page
    )
    assert client.post("/g/cabinet-a/retours/preparer").status_code == 302
    assert client.post("/g/cabinet-a/retours/preparer").status_code == 302  # a second click: nothing new
    assert Retour.objects.visible_to(cast.staff("gaston")).count() == 1
    files = "/g/cabinet-a/retours/fichiers"
    assert "À acquitter" in text(client.get(files))
    got = b"".join(client.get(f"{files}/1/excel-fr.zip").streaming_content)
    assert b"".join(client.get(f"{files}/1/excel-fr.zip").streaming_content) == got
    assert "retour.json" in zipfile.ZipFile(io.BytesIO(got)).namelist()
    assert client.get(f"{files}/1/autre.zip").status_code == 404
    assert client.get(f"{files}/99999999999999/canon.zip").status_code == 404
    assert client.post(f"{files}/1/acquitter").status_code == 302
    assert "Dans votre logiciel" in text(client.get("/g/cabinet-a/retours?etat=transmis"))
    assert "Acquitté" in text(client.get(files))


def test_desk_refuses_with_a_reason(cast: Cast) -> None:
    change = ask(cast)
    client = cast.client("gaston")
    address = f"/g/cabinet-a/retours/coordonnees/{change.id}/refuser"
    assert client.get(address).status_code == 200
    assert client.post(address, {"motif": " "}).status_code == 422
    assert client.post(address, {"motif": "Numéro d’un tiers"}).status_code == 302
    assert client.get(address).status_code == 409
    assert "Numéro d’un tiers" in text(cast.client("claire").get(f"{here(cast)}/coordonnees"))
    assert "Numéro d’un tiers" in text(client.get("/g/cabinet-a/retours?etat=clos"))
    assert client.get(f"/g/cabinet-a/retours/inconnu/{change.id}/refuser").status_code == 404


def test_desk_shows_a_person_and_opens_the_proof(cast: Cast) -> None:
    proof = send(cast)
    client = cast.client("gaston")
    page = text(client.get(f"/g/cabinet-a/personnes/{cast.acces['leo'].id}"))
    assert "Attestation d’assurance habitation" in page and f"/retours/justificatifs/{proof.id}" in page
    assert client.get(f"/g/cabinet-a/retours/justificatifs/{proof.id}").content == pdf("assurance")


@pytest.mark.parametrize("who", ["anonyme", "claire", "charlie", "bruno", "edgar"])
def test_the_desk_is_for_its_staff(cast: Cast, who: str) -> None:
    change, proof = ask(cast), send(cast)
    prepare(cast)
    client = cast.client(who)
    for path in ("", "/fichiers", "/fichiers/1/canon.zip", f"/justificatifs/{proof.id}", "/accords",
                 f"/coordonnees/{change.id}/refuser"):  # fmt: skip
        assert client.get(f"/g/cabinet-a/retours{path}").status_code in {404, 302}, path
    for path in ("/preparer", "/fichiers/1/acquitter", f"/coordonnees/{change.id}/refuser"):
        response = client.post(f"/g/cabinet-a/retours{path}", {"motif": "non"})
        assert response.status_code == 404 or response.url.startswith("/connexion")
    # His own desk, the objects of another agence.
    if who == "bruno":
        assert client.get("/g/agence-b/retours/fichiers/1/canon.zip").status_code == 404
        assert client.get(f"/g/agence-b/retours/justificatifs/{proof.id}").status_code == 404
        assert client.post("/g/agence-b/retours/fichiers/1/acquitter").status_code == 404
        assert (
            client.post(f"/g/agence-b/retours/coordonnees/{change.id}/refuser", {"motif": "x"}).status_code
            == 404
        )


def test_only_the_administrator_chooses_the_consents(cast: Cast) -> None:
    address = "/g/cabinet-a/retours/accords"
    assert cast.client("gaston").get(address).status_code == 403
    client = cast.client("adele")
    assert "texte non lu" in text(client.get(address))
    assert client.post(address, {"genre": ["annexes", "inconnu"]}).status_code == 302
    page = text(cast.client("claire").get(f"{here(cast)}/accords"))
    assert "Annexes des convocations" in page and "J’accepte que les appels de fonds" not in page


def test_staff_looking_on_reads_and_writes_nothing(cast: Cast) -> None:
    send(cast)
    client = cast.client("gaston")
    client.post(f"/g/cabinet-a/personnes/{cast.acces['leo'].id}/voir")
    base = f"/g/cabinet-a/vue/{cast.espace_id('leo')}/assurance"
    page = text(client.get(base))
    assert (
        "attestation-2026.pdf" in page and "Envoyer une attestation" not in page and "Supprimer" not in page
    )
    assert client.post(f"{base}/envoyer", upload(pdf("z"))).status_code == 403
    row = Justificatif.objects.visible_to(cast.staff("gaston")).get()
    assert client.post(f"{base}/{row.id}/supprimer").status_code == 403


def test_the_account_address_is_nowhere_at_the_desk_until_it_is_shared(cast: Cast) -> None:
    ask(cast)
    client = cast.client("gaston")
    pages = ["/g/cabinet-a/retours", f"/g/cabinet-a/personnes/{cast.acces['claire'].id}"]
    assert all("claire@courriel.example" not in text(client.get(p)) for p in pages)
    cast.client("claire").post(f"{here(cast)}/email", {"partage": "oui"})
    assert all("claire@courriel.example" in text(client.get(p)) for p in pages)
    cast.client("claire").post(f"{here(cast)}/email", {"partage": "non"})
    assert all("claire@courriel.example" not in text(client.get(p)) for p in pages)


def test_pages_cost_the_same_for_one_and_for_three(cast: Cast) -> None:
    def cost(who: str, address: str) -> int:
        client = cast.client(who)
        client.get("/accueil")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured.captured_queries)

    ask(cast)
    addresses = [("claire", f"{here(cast)}/coordonnees"), ("gaston", "/g/cabinet-a/retours"),
                 ("gaston", f"/g/cabinet-a/personnes/{cast.acces['claire'].id}")]  # fmt: skip
    one = [cost(*a) for a in addresses]
    for n in range(3):
        ask(cast, valeurs={"telephone_mobile": {"telephone_mobile": f"061234567{n}"}})
        ask(cast, "conrad", {"telephone_mobile": {"telephone_mobile": f"061234567{n}"}})
        ask(cast, "leo", {"email": {"email": f"leo{n}@poste.example"}})
    assert [cost(*a) for a in addresses] == one
