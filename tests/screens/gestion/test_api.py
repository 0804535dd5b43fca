"""The administrator's pages about keys and webhooks."""

import re

from django.urls import reverse

from palier.api.models import CleApi, Crochet
from tests.cast import Cast
from tests.test_pages import QUERIES, queries

FORM = {"nom": "Envoi de nuit", "logiciel": "essai", "base": "principale", "portees": ["imports:ecrire"]}


def address(name: str, **kwargs: object) -> str:
    return reverse(f"gestion:{name}", kwargs={"agence": "cabinet-a", **kwargs})


def test_a_key_is_shown_once_then_revoked(cast: Cast) -> None:
    client = cast.client("adele")
    assert "Aucune clé" in client.get(address("cles_api")).content.decode()
    made = client.post(address("cles_api"), FORM).content.decode()
    match = re.search(r"palier_[\w-]{43}", made)
    assert match
    again = client.get(address("cles_api")).content.decode()
    assert match[0] not in again
    assert match[0][:13] in again
    assert client.get("/api/v1/imports", headers={"Authorization": f"Bearer {match[0]}"}).status_code == 403
    row = CleApi.objects.visible_to(cast.staff("adele")).get(agence_id=cast.a.agence.id)
    asked = client.get(address("cle_revoquer", cle=row.id)).content.decode()
    assert "Envoi de nuit" in asked
    assert client.post(address("cle_revoquer", cle=row.id)).status_code == 302
    assert client.get("/api/v1/imports", headers={"Authorization": f"Bearer {match[0]}"}).status_code == 401
    assert client.get(address("cle_revoquer", cle=row.id)).status_code == 404
    journal = client.get(address("journal")).content.decode()
    assert "Clé d’API ou webhook" in journal


def test_a_wrong_form_says_why(cast: Cast) -> None:
    client = cast.client("adele")
    for change, words in (
        ({"portees": []}, "Choisissez au moins une chose"),
        ({"reseaux": "chez moi"}, "n’est pas une adresse IP"),
        ({"expire_le": "2020-01-01"}, "La date de fin est passée"),
        ({"nom": ""}, "Remplissez ce champ"),
    ):
        response = client.post(address("cles_api"), {**FORM, **change})
        assert response.status_code == 422
        assert words in response.content.decode()


def test_only_the_administrator_comes_here(cast: Cast) -> None:
    for who, status in (("gaston", 403), ("bruno", 404), ("charlie", 404)):
        for name in ("cles_api", "crochets"):
            assert cast.client(who).get(address(name)).status_code == status
    assert cast.client("gaston").post(address("cles_api"), FORM).status_code == 403


def test_a_webhook_is_set_tried_and_removed(cast: Cast) -> None:
    client = cast.client("adele")
    refused = client.post(address("crochets"), {"url": "http://exemple.fr/", "logiciel": "l", "base": "b"})
    assert (refused.status_code, "https://" in refused.content.decode()) == (422, True)
    made = client.post(address("crochets"), {"url": "http://127.0.0.1:9/fin", "logiciel": "l", "base": "b"})
    assert re.search(r"whsec_[\w+/=]{44}", made.content.decode())
    row = Crochet.objects.visible_to(cast.staff("adele")).get(agence_id=cast.a.agence.id)
    assert client.post(address("crochet_essayer", crochet=row.id)).status_code == 302
    assert "En attente" in client.get(address("crochets")).content.decode()
    assert client.post(address("crochet_retirer", crochet=row.id)).status_code == 302
    assert "Aucun webhook" in client.get(address("crochets")).content.decode()
    assert client.post(address("crochet_essayer", crochet=row.id)).status_code == 404


def test_the_lists_cost_the_same_whatever_their_length(cast: Cast) -> None:
    client = cast.client("adele")
    client.get("/accueil")
    counts = []
    for n in range(3):
        client.post(address("cles_api"), {**FORM, "logiciel": f"l{n}"})
        client.post(address("crochets"), {"url": "http://127.0.0.1:9/fin", "logiciel": f"l{n}", "base": "b"})
        counts.append([queries(client, address(name))[1] for name in ("cles_api", "crochets")])
    assert counts[0] == counts[2]
    assert max(counts[2]) <= QUERIES
