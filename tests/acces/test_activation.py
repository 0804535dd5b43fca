"""From a code to a space, and everything that may go wrong on the way (security.md K1 to K8, A1)."""

from datetime import timedelta

import pytest
from django.test import Client

from palier.acces.codes import issue_code, revoke_codes
from palier.acces.models import Activation, CodeAcces
from palier.accounts.models import Account
from palier.core.action import writing
from palier.core.dates import now
from palier.vie_privee.models import Acceptation
from tests.acces.codes_jeu import MOT_DE_PASSE, Parcours, acces_libre, holder, issue
from tests.cast import Cast
from tests.courrier.boite import deliver, link

NOUVEAU = "denis.sanscode@courriel.example"


def test_activation_opens_the_space_and_nothing_exists_before(cast: Cast) -> None:
    code = issue(cast)
    visiteur = Parcours(Client())
    assert visiteur.client.get(f"/activer?i={code.identifiant}").status_code == 200
    assert visiteur.saisir(code) == 302
    assert visiteur.client.get("/activer/compte").status_code == 200
    assert visiteur.choisir(NOUVEAU) == 302
    assert visiteur.client.get("/activer/verification").status_code == 200
    assert not Account.objects.filter(email=NOUVEAU).exists()
    (message,) = deliver()
    assert message.to == [NOUVEAU]
    chemin = link(message)
    page = visiteur.client.get(chemin)
    assert page.status_code == 200 and 'name="password"' not in page.content.decode()
    assert not Account.objects.filter(email=NOUVEAU).exists()
    reponse = visiteur.client.post(chemin)
    assert reponse.status_code == 302 and reponse["Location"].startswith("/e/")
    account = Account.objects.get(email=NOUVEAU)
    assert account.check_password(MOT_DE_PASSE)
    assert holder(cast, code.acces_id) == account.pk
    assert sorted(
        Acceptation.objects.filter(account_id=account.pk).values_list("texte__genre", flat=True)
    ) == [
        "cgu",
        "confidentialite",
    ]
    assert visiteur.client.get(reponse["Location"]).status_code == 200
    assert [m.to for m in deliver()] == [[NOUVEAU]]
    assert not Activation.objects.exists()


def test_link_serves_once(cast: Cast) -> None:
    code = issue(cast)
    visiteur = Parcours(Client())
    visiteur.saisir(code)
    visiteur.choisir(NOUVEAU)
    chemin = link(deliver()[0])
    assert visiteur.client.post(chemin).status_code == 302
    assert visiteur.client.post(chemin).status_code == 410
    assert Client().get(chemin).status_code == 410


def test_refusals_are_one_answer_for_everybody_but_the_holder(cast: Cast) -> None:
    code = issue(cast)
    autre = issue_code(cast.system(), acces_libre(cast, tiers="denis").id)
    pages = set()
    for identifiant, secret in (
        (code.identifiant, autre.secret),  # known (replaced) identifier, wrong secret
        (autre.identifiant, code.secret),  # live identifier, wrong secret
        ("22222222" + "2", autre.secret),  # unknown identifier
    ):
        client = Client()
        client.cookies["csrftoken"] = "x"
        reponse = client.post("/activer", {"identifiant": identifiant, "secret": secret})
        texte = reponse.content.decode()
        for valeur in (identifiant, secret):
            texte = texte.replace(valeur, "")
        texte = __import__("re").sub(r'name="csrfmiddlewaretoken" value="\w+"', "", texte)
        pages.add((reponse.status_code, texte))
    assert len(pages) == 1
    assert "05 61" not in pages.pop()[1]


@pytest.mark.parametrize(
    ("etat", "mots"), [("expire", "expiré"), ("utilise", "déjà servi"), ("revoque", "remplacé")]
)
def test_rightful_holder_learns_why(cast: Cast, etat: str, mots: str) -> None:
    code = issue(cast)
    system = cast.system()
    with writing("test"):
        rows = CodeAcces.objects.visible_to(system).filter(identifiant=code.identifiant)
        if etat == "expire":
            rows.update(expire_le=now() - timedelta(seconds=1))
        elif etat == "utilise":
            rows.update(utilise_le=now())
        else:
            revoke_codes(cast.staff("gaston"), [code.acces_id])
    reponse = Client().post("/activer", {"identifiant": code.identifiant, "secret": code.secret})
    assert reponse.status_code == 422
    assert mots in reponse.content.decode()
    assert "Cabinet A" in reponse.content.decode()


def test_expiry_is_checked_at_the_last_step_too(cast: Cast) -> None:
    code = issue(cast)
    visiteur = Parcours(Client())
    visiteur.saisir(code)
    visiteur.choisir(NOUVEAU)
    chemin = link(deliver()[0])
    with writing("test"):
        CodeAcces.objects.visible_to(cast.system()).filter(identifiant=code.identifiant).update(
            expire_le=now() - timedelta(seconds=1)
        )
    assert visiteur.client.post(chemin).status_code == 422
    assert not Account.objects.filter(email=NOUVEAU).exists()


def test_reissue_kills_the_old_code_even_in_the_middle(cast: Cast) -> None:
    code = issue(cast)
    visiteur = Parcours(Client())
    visiteur.saisir(code)
    visiteur.choisir(NOUVEAU)
    chemin = link(deliver()[0])
    issue(cast)
    assert visiteur.client.post(chemin).status_code == 422
    assert holder(cast, code.acces_id) is None


def test_mistyped_address_owner_cannot_enter(cast: Cast) -> None:
    code = issue(cast)
    visiteur = Parcours(Client())
    visiteur.saisir(code)
    visiteur.choisir("voisin@courriel.example")
    chemin = link(deliver()[0])
    voisin = Client()
    page = voisin.get(chemin)
    assert 'name="password"' in page.content.decode()
    assert voisin.post(chemin).status_code == 422
    assert voisin.post(chemin, {"password": "un mot de passe au hasard"}).status_code == 422
    assert not Account.objects.filter(email="voisin@courriel.example").exists()
    # The person corrects the address: the first link dies.
    assert visiteur.client.post("/activer/verification", {"email": NOUVEAU}).status_code == 302
    assert voisin.get(chemin).status_code == 410
    (message,) = deliver()
    assert message.to == [NOUVEAU]
    assert visiteur.client.post(link(message)).status_code == 302
    assert Account.objects.filter(email=NOUVEAU).exists()


def test_another_browser_with_the_password_enters(cast: Cast) -> None:
    code = issue(cast)
    visiteur = Parcours(Client())
    visiteur.saisir(code)
    visiteur.choisir(NOUVEAU)
    chemin = link(deliver()[0])
    telephone = Client()
    assert telephone.post(chemin, {"password": MOT_DE_PASSE}).status_code == 302
    assert holder(cast, code.acces_id) == Account.objects.get(email=NOUVEAU).pk


def test_resend_is_limited(cast: Cast) -> None:
    code = issue(cast)
    visiteur = Parcours(Client())
    visiteur.saisir(code)
    visiteur.choisir(NOUVEAU)
    statuts = [visiteur.client.post("/activer/verification", {"renvoyer": "1"}).status_code for _ in range(6)]
    assert statuts == [302, 302, 302, 302, 429, 429]
    assert len(deliver()) == 5


def test_existing_address_gets_the_same_page_and_another_mail(cast: Cast) -> None:
    code = issue(cast)
    pages = []
    for email in (NOUVEAU, "CHARLIE@courriel.example"):
        visiteur = Parcours(Client())
        visiteur.saisir(code)
        assert visiteur.choisir(email) == 302
        pages.append(visiteur.client.get("/activer/verification").content.decode().replace(email.lower(), ""))
    sujets = {m.to[0]: m.subject for m in deliver()}
    assert "déjà un compte" in sujets["charlie@courriel.example"]
    assert "déjà un compte" not in sujets[NOUVEAU]
    mask = __import__("re").compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert mask.sub("", pages[0]) == mask.sub("", pages[1])


def test_existing_account_attaches_after_sign_in(cast: Cast) -> None:
    code = issue(cast)
    visiteur = Parcours(Client())
    visiteur.saisir(code)
    visiteur.choisir("charlie@courriel.example")
    chemin = link(deliver()[0])
    page = Client().get(chemin)
    assert "déjà un compte" in page.content.decode()
    charlie = cast.client("charlie")
    assert charlie.get(chemin)["Location"] == "/activer/rattacher"
    page = charlie.get("/activer/rattacher")
    assert "pas celui de vos autres accès" in page.content.decode()
    assert charlie.post("/activer/rattacher").status_code == 422
    assert holder(cast, code.acces_id) is None
    assert charlie.post("/activer/rattacher", {"confirme": "on"}).status_code == 302
    assert holder(cast, code.acces_id) == cast.accounts["charlie"].pk
    assert not cast.accounts["charlie"].check_password(MOT_DE_PASSE)
    assert "rattaché" in deliver()[0].subject


def test_an_attachment_under_another_name_is_told_to_the_administrators(cast: Cast) -> None:
    code = issue(cast)
    charlie = Parcours(cast.client("charlie"))
    charlie.saisir(code)
    assert charlie.client.post("/activer/rattacher").status_code == 422  # not confirmed: nothing happened
    assert deliver() == []
    assert charlie.client.post("/activer/rattacher", {"confirme": "on"}).status_code == 302
    told = {message.to[0]: message for message in deliver()}
    assert sorted(told) == ["adele@courriel.example", "charlie@courriel.example"]
    message = told["adele@courriel.example"]
    text = f"{message.subject} {message.body}"
    assert "Denis Sanscode" in text and "autre nom" in text
    assert f"/g/cabinet-a/personnes/{code.acces_id}" in text
    # Whose account it is, and what else it holds, is no business of the agence's.
    assert "charlie" not in text.lower() and "cabinet-b" not in text.lower()
    assert charlie.client.post("/activer/rattacher", {"confirme": "on"}).status_code == 302  # double click
    assert deliver() == []


def test_an_attachment_under_the_same_name_is_told_to_the_person_only(cast: Cast) -> None:
    sans = Parcours(cast.client("sans"))
    sans.saisir(issue(cast))
    assert sans.client.post("/activer/rattacher", {"confirme": "on"}).status_code == 302
    assert [message.to[0] for message in deliver()] == ["sans@courriel.example"]


def test_signed_in_person_attaches(cast: Cast) -> None:
    code = issue(cast)
    sans = Parcours(cast.client("sans"))
    assert sans.saisir(code) == 302
    page = sans.client.get("/activer/rattacher")
    assert "Sanscode" in page.content.decode() and 'name="confirme"' not in page.content.decode()
    assert sans.client.post("/activer/rattacher").status_code == 302
    assert holder(cast, code.acces_id) == cast.accounts["sans"].pk
    # Back button, double click.
    assert sans.client.post("/activer/rattacher").status_code == 302
    assert Parcours(cast.client("charlie")).saisir(code) == 422


def test_steps_cannot_be_skipped(cast: Cast) -> None:
    issue(cast)
    client = Client()
    assert client.get("/activer/compte")["Location"] == "/activer"
    assert client.post("/activer/compte", {"email": NOUVEAU})["Location"] == "/activer"
    assert client.get("/activer/verification")["Location"] == "/activer"
    assert client.get("/activer/confirmer/forge").status_code == 410
    assert client.get("/activer/rattacher").status_code == 302
    assert cast.client("sans").post("/activer/rattacher")["Location"] == "/activer"


def test_guesses_are_slowed(cast: Cast) -> None:
    code = issue(cast)
    faux = issue_code(cast.system(), acces_libre(cast).id).secret
    statuts = [
        Client().post("/activer", {"identifiant": code.identifiant, "secret": faux}).status_code
        for _ in range(12)
    ]
    assert statuts == [422] * 10 + [429] * 2


def test_typing_errors_do_not_count(cast: Cast) -> None:
    code = issue(cast)
    faute = code.secret[:-1] + ("2" if code.secret[-1] != "2" else "3")
    for _ in range(15):
        reponse = Client().post("/activer", {"identifiant": code.identifiant, "secret": faute})
        assert reponse.status_code == 422 and "relisez" in reponse.content.decode()
    assert Parcours(Client()).saisir(code) == 302


@pytest.mark.parametrize(
    "donnees",
    [
        {"email": "pas une adresse", "password": MOT_DE_PASSE, "cgu": "on", "politique": "on"},
        {"email": "dénis@courriel.example", "password": MOT_DE_PASSE, "cgu": "on", "politique": "on"},
        {"email": NOUVEAU, "password": "court", "cgu": "on", "politique": "on"},
        {"email": NOUVEAU, "password": "sanscode2026", "cgu": "on", "politique": "on"},
        {"email": NOUVEAU, "password": "123456789012345", "cgu": "on", "politique": "on"},
        {"email": NOUVEAU, "password": MOT_DE_PASSE, "politique": "on"},
        {"email": NOUVEAU, "password": MOT_DE_PASSE, "cgu": "on"},
        {"email": NOUVEAU + "\nBcc: x@y.example", "password": MOT_DE_PASSE, "cgu": "on", "politique": "on"},
    ],
)
def test_bad_choices_are_told(cast: Cast, donnees: dict[str, str]) -> None:
    visiteur = Parcours(Client())
    visiteur.saisir(issue(cast))
    reponse = visiteur.client.post("/activer/compte", donnees)
    assert reponse.status_code == 422
    assert "Erreur" in reponse.content.decode()
    assert not Activation.objects.exists()
