"""The team, the settings, the journal, the documents, the colour."""

import re
from typing import Any

from django.urls import reverse

from palier.agences.models import Agence, Habilitation
from palier.agences.queries import open_invitations
from tests.cast import Cast


def address(name: str, **kwargs: Any) -> str:
    return reverse(f"gestion:{name}", kwargs={"agence": "cabinet-a", **kwargs})


def member(cast: Cast, nom: str) -> Habilitation:
    actor = cast.system()
    row: Habilitation = Habilitation.objects.visible_to(actor).get(nom=nom, revoquee_le__isnull=True)
    return row


def test_an_administrator_invites_resends_and_takes_back(cast: Cast) -> None:
    client = cast.client("adele")
    fields = {"nom": "Hugo Blanc", "email": "Hugo@cabinet-a.example", "role": "gestionnaire"}
    assert client.post(address("inviter"), fields).status_code == 302
    page = client.get(address("equipe")).content.decode()
    assert "hugo@cabinet-a.example" in page
    [invitation] = open_invitations(cast.system())
    assert client.post(address("invitation_renvoyer", invitation=invitation.id)).status_code == 302
    [again] = open_invitations(cast.system())
    assert again.jeton != invitation.jeton
    assert client.post(address("invitation_revoquer", invitation=invitation.id)).status_code == 302
    assert open_invitations(cast.system()) == []


def test_a_bad_invitation_is_shown_again(cast: Cast) -> None:
    response = cast.client("adele").post(address("inviter"), {"nom": "", "email": "x", "role": "chef"})
    assert response.status_code == 422
    assert "Erreur" in response.content.decode()


def test_a_look_alike_of_another_alphabet_is_not_invited(cast: Cast) -> None:
    fields = {"nom": "Hugo Blanc", "email": "hugo@c\u0430binet-a.example", "role": "gestionnaire"}
    response = cast.client("adele").post(address("inviter"), fields)
    assert response.status_code == 422
    assert "d’un autre alphabet" in response.content.decode()
    assert open_invitations(cast.system()) == []


def test_a_gestionnaire_reads_the_team_and_changes_nothing(cast: Cast) -> None:
    client = cast.client("gaston")
    assert address("inviter") not in client.get(address("equipe")).content.decode()
    adele = member(cast, "Adèle Roux")
    assert client.post(address("inviter"), {}).status_code == 403
    assert client.post(address("membre_retirer", membre=adele.id)).status_code == 403
    assert client.post(address("reglages"), {}).status_code == 403


def test_the_last_administrator_stays_and_a_removed_member_is_out_at_once(cast: Cast) -> None:
    adele, gaston = cast.client("adele"), cast.client("gaston")
    refused = adele.post(address("membre_retirer", membre=member(cast, "Adèle Roux").id))
    assert refused.status_code == 409
    assert gaston.get(address("accueil")).status_code == 200
    assert adele.post(address("membre_retirer", membre=member(cast, "Gaston Morel").id)).status_code == 302
    assert gaston.get(address("accueil")).status_code == 404


def test_settings_show_a_colour_before_they_save_it(cast: Cast) -> None:
    client = cast.client("adele")
    fields = {
        "telephone": "05 99 00 00 00",
        "email": "a@a.example",
        "adresse": "1 rue A",
        "validite_code_jours": "30",
        "avis_delai_heures": "4",
        "versions_jours": "90",
        "retours_mois": "60",
        "couleur": "#FFEE00",
    }
    seen = client.post(address("reglages"), {**fields, "apercu": "1"})
    assert "pas encore enregistrée" in seen.content.decode()
    assert "trop faible" not in seen.content.decode()
    assert Agence.objects.get(slug="cabinet-a").couleur == "#3a5a78"
    assert client.post(address("reglages"), fields).status_code == 302
    agence = Agence.objects.get(slug="cabinet-a")
    assert (agence.couleur, agence.validite_code_jours) == ("#ffee00", 30)
    for bad in ({"couleur": "jaune"}, {"validite_code_jours": "0"}, {"email": "x"}):
        assert client.post(address("reglages"), {**fields, **bad}).status_code == 422


def test_the_journal_is_filtered_and_its_chain_checked(cast: Cast) -> None:
    client = cast.client("gaston")
    client.post(address("vue_comme", acces=cast.acces["claire"].id))
    page = client.get(address("journal"), {"geste": "personne:view_as", "verifier": "1"}).content.decode()
    assert "Gaston Morel" in page
    assert "La chaîne est intacte" in page
    empty = client.get(address("journal"), {"du": "2031-01-01", "au": "x"})
    assert "Aucun fait ne correspond" in empty.content.decode()


def test_documents_are_found_and_taken_away_by_staff(cast: Cast) -> None:
    client, document = cast.client("gaston"), cast.documents["claire"]
    page = client.get(address("documents"), {"q": "canari claire"}).content.decode()
    assert "CANARI-A-CLAIRE" in page
    assert "CANARI-A-LEO" not in page
    internal = client.get(address("documents"), {"audience": "interne"}).content.decode()
    assert re.findall(r"CANARI-A-\w+", internal) == ["CANARI-A-INTERNE"]
    response = client.get(address("telecharger", document=document.id))
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert body.startswith(b"%PDF")
    line = client.get(address("journal"), {"geste": "document:read"}).content.decode()
    assert "Gaston Morel" in line


def test_the_colour_is_public_and_sets_no_cookie(cast: Cast) -> None:
    for who in ("anonyme", "claire"):
        response = cast.client(who).get("/agence/cabinet-a.css")
        assert response.status_code == 200
        assert "--accent:" in response.content.decode()
        assert response["Cache-Control"] == "public, max-age=300"
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
    assert cast.client("anonyme").get("/agence/inconnue.css").content == b""
