"""What the journal keeps is said in words: what was not served, taken back, or attached under another name."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage

from palier.acces.actions_partage import share_email
from palier.core import vault
from palier.ged.models import Fichier
from tests.acces.codes_jeu import Parcours, issue
from tests.cast import Cast

pytestmark = pytest.mark.django_db
AUTRE_NOM = {"fr": "compte à un autre nom, confirmé par la personne",
             "en": "account under another name, confirmed by the person"}  # fmt: skip
ABIME = {"fr": ("Document non servi", "fichier abîmé dans le stockage"),
         "en": ("Document not served", "file damaged in storage")}  # fmt: skip
REPRISE = {"fr": "Adresse e-mail du compte reprise", "en": "Account e-mail address withdrawn"}
PARTAGE = {"fr": "Adresse e-mail du compte partagée", "en": "Email address of the account shared"}
EMPORTE = {"fr": "téléchargement", "en": "download"}


def cells(cast: Cast, langue: str, path: str = "journal") -> str:
    """Return the lines of the journal, as its reader sees them, without the filters above them."""
    client = cast.client("adele")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = langue
    page: str = client.get(f"/g/cabinet-a/{path}").content.decode()
    return page if path.endswith("csv") else page.partition("<tbody")[2]


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_an_email_taken_back_is_not_an_email_shared(cast: Cast, langue: str) -> None:
    share_email(cast.actor("claire"), cast.acces["claire"].id, True)
    assert PARTAGE[langue] in cells(cast, langue) and REPRISE[langue] not in cells(cast, langue)
    share_email(cast.actor("claire"), cast.acces["claire"].id, False)
    for path in ("journal", "journal.csv", f"personnes/{cast.acces['claire'].id}"):
        shown = cells(cast, langue, path)
        assert (shown.count(PARTAGE[langue]), shown.count(REPRISE[langue])) == (1, 1), path


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_a_damaged_file_does_not_pass_for_a_document_opened(cast: Cast, langue: str) -> None:
    document = cast.documents["claire"]
    adresse = f"/e/{cast.espace_id('claire')}/documents/{document.id}/telecharger"
    assert cast.client("claire").get(adresse).status_code == 200
    assert EMPORTE[langue] in cells(cast, langue)
    fichier = Fichier.objects.visible_to(cast.system()).get(id=document.fichier_id)
    Path(default_storage.path(vault._path(cast.a.key, fichier.adresse))).write_bytes(b"")
    assert cast.client("claire").get(adresse).status_code == 409
    shown = cells(cast, langue)
    assert [shown.count(words) for words in ABIME[langue]] == [1, 1]


@pytest.mark.parametrize("langue", ["fr", "en"])
def test_an_attachment_under_another_name_is_said(cast: Cast, langue: str) -> None:
    charlie = Parcours(cast.client("charlie"))
    assert charlie.saisir(issue(cast)) == 302
    assert charlie.client.post("/activer/rattacher", {"confirme": "on"}).status_code == 302
    assert cells(cast, langue).count(AUTRE_NOM[langue]) == 1
