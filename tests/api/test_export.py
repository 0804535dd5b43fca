"""An export that the agence calibrated, sent as it is by a key of its source: the same path as by hand, the same report."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from palier.comptabilite.models import Mouvement
from palier.echanges.connecteurs.models import ProfilCalibre
from palier.echanges.models import Import, Source
from palier.patrimoine.models import CompteClient
from tests.api.conftest import Programme, make_key, problem, run_jobs
from tests.cast import Cast
from tests.echanges.connecteurs.parcours import given, gpi, login, spilasuite
from tests.echanges.fabrique import make_dossier

OCTETS = "application/octet-stream"
NUIT = "/imports?suite=appliquer&nom="


def program(cast: Cast, connecteur: str) -> Programme:
    """A key of the source that a calibrated profile converts."""
    row = ProfilCalibre.objects.visible_to(cast.system()).get(connecteur=connecteur)
    cle_id, secret = make_key(cast.a.agence.id, logiciel=row.connecteur, base=row.code)
    return Programme(cast.a.agence.id, secret, cle_id)


def sent(one: Programme, nom: str, content: bytes) -> Any:
    """Send an export and run what follows; return where it stands then."""
    answer = one.post(NUIT + nom, content, OCTETS, Idempotency_Key=f"nuit-{nom}")
    assert answer.status_code == 202, answer.content
    again = one.post(NUIT + nom, content, OCTETS, Idempotency_Key=f"nuit-{nom}")
    assert (again.status_code, again["Idempotent-Replayed"]) == (202, "true")
    run_jobs()
    return one.get(f"/imports/{answer.json()['id']}").json()


@pytest.mark.parametrize(
    ("walk", "connecteur", "nom", "sample"),
    [
        (spilasuite, "spilasuite", "locataires_20261123.csv", "spilasuite-locataires.csv"),
        (gpi, "gpi", "soldes.xlsx", "gpi-soldes.xlsx"),
        (login, "login", "envoi.zip", "login-envoi.zip"),
    ],
)
def test_an_export_goes_on_line_as_it_is(
    cast: Cast, walk: Any, connecteur: str, nom: str, sample: str
) -> None:
    walk(cast.client("gaston")).save()
    one = program(cast, connecteur)
    found = sent(one, nom, given(sample))
    assert (found["etat"], found["termine"]) == ("applique", True), found
    actor = cast.system()
    run = Import.objects.visible_to(actor).get(agence_id=actor.agence_id)
    source = Source.objects.visible_to(actor).get(id=run.source_id)
    assert (run.voie, run.bilan["conversion"]["connecteur"], source.logiciel) == (
        "api",
        connecteur,
        connecteur,
    )
    assert CompteClient.objects.visible_to(actor).filter(source_id=run.source_id).count() >= 6
    if connecteur == "login":
        assert Mouvement.objects.visible_to(actor).filter(source_id=run.source_id).exists()
    again = one.post(NUIT + nom, given(sample), OCTETS)
    run_jobs()
    assert one.get(f"/imports/{again.json()['id']}").json()["etat"] == "deja_applique"


def test_a_changed_header_is_told_in_the_report(cast: Cast) -> None:
    spilasuite(cast.client("gaston")).save()
    one = program(cast, "spilasuite")
    bent = given("spilasuite-locataires.csv").replace(b"Portable", b"T\xe9l. mobile", 1)
    found = sent(one, "locataires_1.csv", bent)
    assert found["etat"] == "refuse"
    report = one.get(f"/imports/{found['id']}/rapport").json()
    assert "Colonnes disparues : « Portable »" in str(report)


def test_a_check_alone_puts_nothing_on_line(cast: Cast) -> None:
    spilasuite(cast.client("gaston")).save()
    one = program(cast, "spilasuite")
    content = given("spilasuite-locataires.csv")
    number = one.post("/imports?suite=controler&nom=locataires_1.csv", content, OCTETS).json()["id"]
    run_jobs()
    assert one.get(f"/imports/{number}").json()["etat"] == "verifie"
    actor = cast.system()
    run = Import.objects.visible_to(actor).get(agence_id=actor.agence_id)
    assert not CompteClient.objects.visible_to(actor).filter(source_id=run.source_id).exists()
    assert one.post(f"/imports/{number}/appliquer").status_code == 202
    run_jobs()
    assert one.get(f"/imports/{number}").json()["etat"] == "applique"


def test_a_key_sends_the_exports_of_its_source_alone(cast: Cast) -> None:
    """The profile of another source reads this file: it is not used, and nothing of that source changes."""
    client = cast.client("gaston")
    spilasuite(client).save()
    gpi(client).save()
    one = program(cast, "gpi")
    found = sent(one, "locataires_1.csv", given("spilasuite-locataires.csv"))
    assert found["etat"] == "refuse"
    assert not CompteClient.objects.visible_to(cast.system()).filter(numero="L00001").exists()


def test_a_source_without_profile_is_refused_at_once(cast: Cast) -> None:
    cle_id, secret = make_key(cast.a.agence.id, logiciel="rien", base="rien")
    one = Programme(cast.a.agence.id, secret, cle_id)
    refused = problem(one.post(NUIT + "a.csv", b"a;b\n1;2\n", OCTETS))
    assert (refused["status"], refused["code"]) == (422, "source_sans_profil")
    row = Import.objects.visible_to(cast.system()).filter(agence_id=cast.a.agence.id)
    assert not row.exists()


def test_a_dossier_is_not_an_export(cast: Cast, tmp_path: Path) -> None:
    spilasuite(cast.client("gaston")).save()
    one = program(cast, "spilasuite")
    content = make_dossier(tmp_path / "d.zip").read_bytes()
    refused = problem(one.post(NUIT + "d.zip", content, OCTETS))
    assert (refused["status"], refused["code"]) == (422, "dossier_en_octets")
    number = one.post("/imports?nom=locataires_1.csv", given("spilasuite-locataires.csv"), OCTETS).json()[
        "id"
    ]
    parts = problem(one.put(f"/imports/{number}/tables/tiers", b"id;nature;nom\n1;PM;A\n"))
    assert parts["code"] == "import_par_zip"


def test_the_client_knows_the_command() -> None:
    path = Path(__file__).resolve().parents[2] / "clients" / "python" / "palier_client.py"
    done = subprocess.run(
        [sys.executable, path, "export", "--help"], capture_output=True, text=True, check=True
    )
    assert "fichier" in done.stdout
