"""Several loose files of one export, sent by hand: one import, the same as a zip of them; dossiers stay apart."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from palier.core.tenancy import open_actor
from palier.echanges.enums import EtatImport
from palier.echanges.execution import run_import
from palier.echanges.models import Import
from tests.cast import Cast
from tests.echanges.connecteurs.parcours import given, login
from tests.echanges.fabrique import make_dossier
from tests.screens.gestion.test_imports import address


def loose() -> list[SimpleUploadedFile]:
    """The files of LOGIN's export, out of their zip; its PDFs stay in one of their own."""
    pdfs = io.BytesIO()
    files = []
    with zipfile.ZipFile(io.BytesIO(given("login-envoi.zip"))) as archive, zipfile.ZipFile(pdfs, "w") as kept:
        for name in archive.namelist():
            if name.endswith(".pdf"):
                kept.writestr(name, archive.read(name))
            else:
                files.append(SimpleUploadedFile(name.rpartition("/")[2], archive.read(name)))
    return [*files, SimpleUploadedFile("pdf.zip", pdfs.getvalue())]


def imports(cast: Cast) -> list[Import]:
    actor = cast.system()
    return list(
        Import.objects.visible_to(actor).filter(agence_id=actor.agence_id).order_by("-recu_le", "-id")
    )


def send(cast: Cast, files: list[Any], **more: str) -> Any:
    return cast.client("gaston").post(
        address("deposer"), {"dossier": files, "mode": "importer", "ensemble": "oui", **more}
    )


def ended(cast: Cast, row: Import) -> Import:
    actor = cast.system()
    done = run_import(actor, row.id)
    assert done is not None
    open_actor(actor)
    return done


def test_loose_files_of_one_export_make_one_import_as_their_zip_would(cast: Cast) -> None:
    login(cast.client("gaston")).save()
    files = loose()
    assert len(files) >= 3
    before = len(imports(cast))
    answer = send(cast, files)
    assert answer.status_code == 302
    assert len(imports(cast)) == before + 1
    done = ended(cast, imports(cast)[0])
    assert done.etat == EtatImport.APPLIQUE, done.message
    assert done.bilan["conversion"]["connecteur"] == "login"
    assert " + " in done.nom_fichier or "autres fichiers" in done.nom_fichier
    # The zip of the same files brings nothing new: it is the same sending.
    zipped = SimpleUploadedFile("envoi.zip", given("login-envoi.zip"))
    cast.client("gaston").post(address("deposer"), {"dossier": zipped})
    assert ended(cast, imports(cast)[0]).etat == EtatImport.DEJA_APPLIQUE


def test_apart_each_file_is_still_its_own_import(cast: Cast) -> None:
    before = len(imports(cast))
    files = loose()
    send(cast, files, ensemble="non")
    assert len(imports(cast)) == before + len(files)


def test_one_file_sent_as_a_set_is_that_file(cast: Cast) -> None:
    send(cast, [SimpleUploadedFile("seul.csv", b"a;b\n1;2\n")])
    assert imports(cast)[0].nom_fichier == "seul.csv"


def test_dossiers_are_never_put_together(cast: Cast, tmp_path: Any) -> None:
    content = make_dossier(tmp_path / "d.zip").read_bytes()
    before = len(imports(cast))
    answer = send(
        cast, [SimpleUploadedFile("d.zip", content), SimpleUploadedFile("a.csv", b"x")], mode="verifier"
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "« d.zip » est un dossier complet" in page
    assert page.count('value="oui" checked') == 1  # the choices made are kept
    assert page.count('value="verifier" checked') == 1
    assert len(imports(cast)) == before


@pytest.mark.parametrize("names", [("a.csv", "A.CSV"), ("é.csv", "e\u0301.csv")])
def test_two_files_of_one_name_are_refused(cast: Cast, names: tuple[str, str]) -> None:
    answer = send(cast, [SimpleUploadedFile(n, b"x") for n in names])
    assert (answer.status_code, "Deux de ces fichiers s’appellent" in answer.content.decode()) == (422, True)


def test_a_hostile_zip_among_them_is_refused_in_words(cast: Cast) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../a.csv", "x")
    answer = cast.client("gaston").post(
        address("deposer"),
        {
            "dossier": [SimpleUploadedFile("z.zip", out.getvalue()), SimpleUploadedFile("a.csv", b"x")],
            "ensemble": "oui",
        },
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.json()["faute"].startswith("« z.zip » : ")


def test_together_they_may_not_exceed_what_one_may(cast: Cast, settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 1000
    answer = send(
        cast, [SimpleUploadedFile("a.csv", b"x" * 400), SimpleUploadedFile("b.csv", b"y" * 400)] * 1
    )
    assert answer.status_code == 302
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("b.csv", "z" * 900)
    small = SimpleUploadedFile("b.zip", out.getvalue())
    answer = send(cast, [SimpleUploadedFile("a.csv", b"x" * 400), small])
    assert answer.status_code == 413


def test_charlie_s_agence_takes_nothing_of_it(cast: Cast) -> None:
    answer = cast.client("bruno").post(address("deposer"), {"dossier": loose(), "ensemble": "oui"})
    assert answer.status_code == 404
