"""The four connectors from an unknown export to a client's rows, through the assistant's pages; and the next night."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from palier.acces.models import Acces
from palier.comptabilite.models import Mouvement
from palier.core.action import writing
from palier.core.tenancy import acting_as, open_actor
from palier.echanges.actions import create_import
from palier.echanges.connecteurs.models import Calibrage, ProfilCalibre, StatutProfil
from palier.echanges.enums import EtatImport
from palier.echanges.execution import run_import
from palier.echanges.historique.provenance import origins_of
from palier.echanges.models import Import
from palier.patrimoine.models import CompteClient, CompteTiers, Tiers
from tests.cast import Cast
from tests.echanges.connecteurs.parcours import Parcours, given, gpi, login, sdgi, spilasuite

QUATRE: dict[str, tuple[Callable[[Client], Parcours], str, str, tuple[str, ...]]] = {
    "spilasuite": (
        spilasuite,
        "locataires_20261123.csv",
        "spilasuite-locataires.csv",
        ("Chloé Garnier", "L00001"),
    ),
    "sdgi": (sdgi, "BALCOP.TXT", "sdgi-balance.txt", ("CRÉTIN", "450001", "Le Petit Puits")),
    "gpi": (gpi, "soldes.xlsx", "gpi-soldes.xlsx", ("Crétin Danièle", "450001")),
    "login": (login, "envoi.zip", "login-envoi.zip", ("Danièle Crétin", "450001", "Appel de fonds")),
}


def load(cast: Cast, nom: str, content: bytes, folder: Path) -> Import:
    """Import a file as any way in does; return the import in its final state."""
    path = folder / "recu"
    path.write_bytes(content)
    actor = cast.system()
    with acting_as(actor), writing("test"):
        row = create_import(actor, nom, depot="", octets=len(content))
    done = run_import(actor, row.id, path)
    assert done is not None
    open_actor(actor)
    return done


@pytest.mark.parametrize("code", QUATRE)
def test_from_an_unknown_export_to_the_rows_of_clients(cast: Cast, tmp_path: Path, code: str) -> None:
    walk, nom, sample, shown = QUATRE[code]
    one = walk(cast.client("gaston"))
    html = one.result()
    for text in shown:
        assert text in html, text
    assert "Niveau N" in html
    page = one.page(one.save())
    assert "Vérifié sur un export réel" in page
    actor = cast.system()
    assert not Calibrage.objects.visible_to(actor).exists()
    profil = ProfilCalibre.objects.visible_to(actor).get(connecteur=code)
    assert (profil.version, profil.statut) == (1, StatutProfil.VERIFIE)

    done = load(cast, nom, given(sample), tmp_path)
    assert done.etat == EtatImport.APPLIQUE, done.message
    assert done.bilan["conversion"]["connecteur"] == code
    actor = cast.system()
    rows = CompteClient.objects.visible_to(actor).filter(source_id=done.source_id, archive_le__isnull=True)
    assert rows.count() == len(profil.attendu["comptes"]) or rows.count() >= 6
    assert Tiers.objects.visible_to(actor).filter(source_id=done.source_id).count() >= 6
    again = load(cast, nom, given(sample), tmp_path)
    assert again.etat == EtatImport.DEJA_APPLIQUE


def test_a_changed_header_names_what_is_gone_and_what_is_new(cast: Cast, tmp_path: Path) -> None:
    one = spilasuite(cast.client("gaston"))
    one.save()
    changed = given("spilasuite-locataires.csv").replace(b"Portable", b"T\xe9l. mobile", 1)
    done = load(cast, "locataires_20261124.csv", changed, tmp_path)
    assert done.etat == EtatImport.REFUSE
    assert "Colonnes disparues : « Portable »" in done.message
    assert "Colonnes nouvelles : « Tél. mobile »" in done.message
    page = one.page(one.url("import", import_id=done.id))
    assert "Portable" in page


def test_the_report_gives_the_lines_of_the_file_received(cast: Cast, tmp_path: Path) -> None:
    one = spilasuite(cast.client("gaston"))
    one.save()
    content = given("spilasuite-locataires.csv").replace(
        b"loic.gautreau@courriel.example", b"loic.gautreau", 1
    )
    done = load(cast, "locataires_20261124.csv", content, tmp_path)
    assert done.etat == EtatImport.APPLIQUE
    page = one.page(one.url("import", import_id=done.id))
    assert "locataires_20261124.csv, ligne 3" in page
    report = one.client.get(one.url("rapport_csv", import_id=done.id)).content.decode("utf-8-sig")
    assert report.splitlines()[0].endswith(";fichier")
    assert "locataires_20261124.csv" in report


def test_two_profiles_that_read_the_same_file_are_refused(cast: Cast, tmp_path: Path) -> None:
    client = cast.client("gaston")
    spilasuite(client).save()
    two = Parcours(client, "gpi", "Autre")
    two.send("locataires_1.csv", given("spilasuite-locataires.csv"))
    two.file(1, "locataires")
    two.save()
    done = load(cast, "quelconque.csv", given("spilasuite-locataires.csv"), tmp_path)
    assert done.etat == EtatImport.REFUSE
    assert "Plusieurs profils calibrés reconnaissent ce fichier" in done.message


def test_an_unknown_file_is_refused_in_words(cast: Cast, tmp_path: Path) -> None:
    spilasuite(cast.client("gaston")).save()
    done = load(cast, "autre.csv", b"a;b\n1;2\n", tmp_path)
    assert (done.etat, "ni un export reconnu" in done.message) == (EtatImport.REFUSE, True)


def test_a_template_converts_nothing_until_it_is_verified_here(cast: Cast, tmp_path: Path) -> None:
    one = spilasuite(cast.client("gaston"))
    address = one.save(real=False)
    content = given("spilasuite-locataires.csv")
    done = load(cast, "locataires_1.csv", content, tmp_path)
    assert "c'est un gabarit" in done.message
    wrong = one.client.post(f"{address}/verifier", {"export": _file("x.csv", b"a;b\n1;2\n")})
    assert wrong.status_code == 422
    right = one.client.post(f"{address}/verifier", {"export": _file("locataires_1.csv", content)})
    assert right.status_code == 302
    assert load(cast, "locataires_1.csv", content, tmp_path).etat == EtatImport.APPLIQUE


def _file(nom: str, content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(nom, content)


def test_a_revised_calibration_is_a_new_version(cast: Cast) -> None:
    client = cast.client("gaston")
    spilasuite(client).save()
    spilasuite(client).save()
    rows = ProfilCalibre.objects.visible_to(cast.system()).order_by("version")
    assert [(r.version, r.retire_le is None) for r in rows] == [(1, False), (2, True)]


def test_the_sample_holds_nothing_of_the_original(cast: Cast) -> None:
    for walk in (spilasuite, sdgi, gpi, login):
        walk(cast.client("gaston")).save()
    originals = _personal()
    for row in ProfilCalibre.objects.visible_to(cast.system()):
        texts = [row.texte, str(row.attendu)]
        with zipfile.ZipFile(io.BytesIO(bytes(row.echantillon))) as archive:
            for name in archive.namelist():
                raw = archive.read(name)
                if name.endswith(".xlsx"):
                    with zipfile.ZipFile(io.BytesIO(raw)) as book:
                        texts += [book.read(n).decode() for n in book.namelist()]
                texts += [name, raw.decode("cp1252", "replace"), raw.decode("utf-8", "replace")]
        found = {o for o in originals for t in texts if o.casefold() in t.casefold()}
        assert found == set(), (row.connecteur, found)


def _personal() -> set[str]:
    """Names, e-mails, telephones, IBAN, amounts of the four samples."""
    import csv

    found: set[str] = set()
    rows = list(csv.reader(io.StringIO(given("spilasuite-locataires.csv").decode("cp1252")), delimiter=";"))[
        1:
    ]
    for r in rows:
        found |= (
            {r[0], r[2], r[3], r[4], r[5], r[13]}
            | ({r[10]} if r[10] else set())
            | ({r[12]} if r[12] != "0,00" else set())
        )
    with zipfile.ZipFile(io.BytesIO(given("login-envoi.zip"))) as archive:
        for r in list(csv.reader(io.StringIO(archive.read("contacts.csv").decode())))[1:]:
            found |= {r[0], r[1], r[2], r[3], r[4]}
        ledger = list(csv.reader(io.StringIO(archive.read("grand_livre.txt").decode()), delimiter="|"))[1:]
        found |= {r[4] for r in ledger} | {r[3] for r in ledger}
    return {f for f in found if len(f) >= 4}


def text(content: bytes) -> str:
    """A file of an export, in whichever of its encodings it is."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def test_a_figure_names_the_file_received_and_its_line(cast: Cast, tmp_path: Path) -> None:
    """On the person's page, in the history of the row and in what the import changed: never a line of our making."""
    one = login(cast.client("gaston"))
    one.save()
    content = given("login-envoi.zip")
    done = load(cast, "envoi.zip", content, tmp_path)
    assert done.etat == EtatImport.APPLIQUE, done.message
    actor = cast.system()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        lines = {
            name: text(archive.read(name)).splitlines()
            for name in archive.namelist()
            if not name.endswith(".pdf")
        }
    origins = origins_of(actor, "comptes", CompteClient.objects.visible_to(actor).filter(import_id=done.id))
    rows = {row.id: row for row in CompteClient.objects.visible_to(actor).filter(import_id=done.id)}
    assert rows
    for row_id, origin in origins.items():
        assert origin.ligne is not None
        line = lines[origin.fichier][origin.ligne - 1]
        assert rows[row_id].numero in line, (origin, line)
    moves = Mouvement.objects.visible_to(actor).filter(import_id=done.id)
    found = origins_of(actor, "mouvements", moves)
    assert found
    for move in moves:
        place = found[move.id]
        assert move.libelle in lines[place.fichier][(place.ligne or 0) - 1]

    one_account = min(rows.values(), key=lambda r: r.numero)
    place = origins[one_account.id]
    shown = f"{place.fichier}, ligne {place.ligne}"
    history = one.page(one.url("ligne", table="comptes", ligne=one_account.id))
    assert shown in history
    changed = one.page(one.url("lignes_changees", import_id=done.id, table="comptes", operation="ajoute"))
    assert f"{place.fichier}, {place.ligne}" in changed
    place_of = CompteTiers.objects.visible_to(actor).filter(compte_client_id=one_account.id).first()
    assert place_of is not None
    acces = Acces.objects.visible_to(actor).get(tiers_id=place_of.tiers_id)
    person = one.page(one.url("personne", acces=acces.id))
    assert shown in person
