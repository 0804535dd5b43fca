"""Faults of the table files: each names its physical line and column, its value masked."""

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palier.echanges.anomalies import Anomalie
from palier.echanges.controle import check_dossier
from palier.echanges.lignes import opens_quote
from palier.echanges.rapport import write_csv, write_json
from tests.echanges.fabrique import PDF, csv_bytes, document, make_dossier, sound_tables
from tests.echanges.test_conteneur import check, codes

HEADER = b"id;nature;nom;prenom;email\n"


def tiers(tmp_path: Path, raw: bytes, records: int | None = None, **changes: object) -> list[Anomalie]:
    """The anomalies of a tiers file written byte by byte."""
    path = make_dossier(tmp_path / "a.zip", {"tiers": raw}, documents={}, **changes)
    if records is not None:
        path = _declare(path, raw, records, **changes)
    with check(path) as controle:
        return list(controle.anomalies)


def _declare(path: Path, raw: bytes, records: int, **changes: object) -> Path:
    from tests.echanges.fabrique import manifest

    files = manifest({"tiers": raw})["fichiers"]
    files[0]["lignes"] = records
    return make_dossier(path, {"tiers": raw}, documents={}, fichiers=files, **changes)


def places(anomalies: list[Anomalie]) -> set[tuple[str, int | None, str]]:
    return {(a.code, a.ligne, a.colonne) for a in anomalies}


def test_sound_dossier_has_no_anomaly(tmp_path: Path) -> None:
    with check(make_dossier(tmp_path / "a.zip")) as controle:
        assert list(controle.anomalies) == []
        assert not controle.refuse
        for table, rows in sound_tables().items():
            assert controle.con.execute(f"SELECT count(*) FROM t_{table}").fetchone() == (len(rows),)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "entete_absente"),
        (b"\n", "entete_absente"),
        (b"1;PP;DUPONT\n", "entete_absente"),
        (b"id,nature,nom\n1,PP,NOM\n", "separateur"),
        (b"id\tnature\tnom\n", "separateur"),
        (b"id;nature\n", "colonne_absente"),
        (b"id;nature;nom;nom\n", "colonne_double"),
        (HEADER + b"1;PP;N\xe9;;\n", "encodage"),
        (b"\xff\xfei\x00d\x00", "encodage"),
        (HEADER + b"1;PP;N\x00M;;\n", "octet_nul"),
        (HEADER + b"1;PP;" + b"x" * 70_000 + b";;\n", "ligne_trop_longue"),
        (HEADER + b"1;PP;" + b"x" * 3_000_000, "ligne_trop_longue"),
    ],
)
def test_unreadable_table_is_refused(tmp_path: Path, raw: bytes, code: str) -> None:
    assert codes(make_dossier(tmp_path / "a.zip", {"tiers": raw}, documents={})) == {code}


def test_fifty_megabyte_field_is_refused(tmp_path: Path) -> None:
    raw = HEADER + b"1;PP;" + bytes(range(97, 123)) * 2_000_000 + b";;\n"
    assert codes(make_dossier(tmp_path / "a.zip", {"tiers": raw}, documents={})) & {
        "ligne_trop_longue",
        "zip_taux",
    }


def test_encoding_fault_says_line_and_byte(tmp_path: Path) -> None:
    raw = HEADER + b"1;PP;NOM;;\n2;PP;N\xe9;;\n"
    (anomalie,) = tiers(tmp_path, raw)
    assert (anomalie.code, anomalie.ligne) == ("encodage", 3)
    assert "0xE9" in anomalie.message
    assert str(raw.index(b"\xe9") + 1) in anomalie.message


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbf" + HEADER + b"1;PP;\xc3\x89T\xc3\x89;;\n",
        HEADER.replace(b"\n", b"\r\n") + b"1;PP;A;;\r\n",
    ],
)
def test_bom_and_crlf_are_accepted(tmp_path: Path, raw: bytes) -> None:
    assert tiers(tmp_path, raw) == []


def test_last_line_without_line_feed_is_read(tmp_path: Path) -> None:
    assert tiers(tmp_path, HEADER + b"1;PP;A;;") == []


def test_columns_come_in_any_order_and_unknown_ones_warn(tmp_path: Path) -> None:
    found = tiers(tmp_path, b"couleur;nom;ID;nature\nbleu;A;1;PP\n")
    assert places(found) == {("colonne_inconnue", 1, "couleur")}


def test_lines_are_physical_after_quoted_line_breaks(tmp_path: Path) -> None:
    raw = HEADER + b'1;PP;"un\ndeux\n";;\n\n2;XX;A;;\n3;PP;"a ""b"";c";;\n4;PP;A\n5;PP;A;;;;\n'
    found = tiers(tmp_path, raw, records=5)
    assert places(found) == {
        ("valeur_hors_liste", 6, "nature"),
        ("ligne_colonnes", 8, ""),
        ("ligne_colonnes", 9, ""),
    }


def test_forgotten_quote_refuses_its_line_only(tmp_path: Path) -> None:
    raw = HEADER + b'1;PP;"A;;\n2;PP;B;;\n3;PP;C;;\n'
    path = _declare(tmp_path / "a.zip", raw, 3)
    with check(path) as controle:
        assert places(list(controle.anomalies)) == {("guillemet_ouvert", 2, "")}
        assert controle.con.execute("SELECT id FROM t_tiers ORDER BY id").fetchall() == [("2",), ("3",)]


def test_stray_quotes_and_carriage_returns(tmp_path: Path) -> None:
    raw = HEADER + b'1;PP;5" tuyau;;\n2;PP;"x"y;;\n3;PP;a\rb;;\n'
    assert places(tiers(tmp_path, raw)) == {("guillemet_mal_place", 3, ""), ("saut_isole", 4, "")}


def test_values_are_masked(tmp_path: Path) -> None:
    raw = HEADER + b"1;Lef\xc3\xa8vre;A;;\n"
    (anomalie,) = tiers(tmp_path, raw)
    assert anomalie.valeur == "L… (7)"


def test_contact_fault_empties_the_value_and_keeps_the_row(tmp_path: Path) -> None:
    path = make_dossier(tmp_path / "a.zip", {"tiers": HEADER + b"1;PP;A;;pas une adresse\n"}, documents={})
    with check(path) as controle:
        assert places(list(controle.anomalies)) == {("valeur_ignoree", 2, "email")}
        assert controle.con.execute("SELECT id, email FROM t_tiers").fetchall() == [("1", None)]


def test_double_key_refuses_every_line(tmp_path: Path) -> None:
    found = tiers(tmp_path, HEADER + b"1;PP;A;;\n2;PP;B;;\n1;PP;C;;\n")
    assert places(found) == {("cle_double", 2, "id"), ("cle_double", 4, "id")}


def test_excel_dialect_is_read(tmp_path: Path) -> None:
    tables = sound_tables()
    raw = (
        "id;role;numero;intitule;copropriete_id;solde;solde_le;publie\n"
        "A1;coproprietaire;1;Éric;C1;1 152,30;22/11/2026;Oui\n".encode("cp1252")
    )
    kept = {k: tables[k] for k in ("coproprietes",)}
    path = make_dossier(tmp_path / "a.zip", {**kept, "comptes": raw}, documents={}, dialecte="excel-fr")
    with check(path) as controle:
        assert list(controle.anomalies) == []
        row = controle.con.execute(
            "SELECT intitule, CAST(solde AS VARCHAR), CAST(solde_le AS VARCHAR), publie FROM t_comptes"
        )
        assert row.fetchall() == [("Éric", "1152.30", "2026-11-22", True)]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("le", "22/11/2026", "type_invalide"),
        ("le", "2026-1-5", "type_invalide"),
        ("le", "2026-02-30", "type_invalide"),
        ("le", "0001-01-01", "type_invalide"),
        ("le", "infinity", "type_invalide"),
        ("le", "", "valeur_absente"),
        ("debit", "1e3", "type_invalide"),
        ("debit", "1,50", "type_invalide"),
        ("debit", "1.505", "type_invalide"),
        ("debit", " 1", "type_invalide"),
        ("debit", "NaN", "type_invalide"),
        ("debit", "9" * 13, "type_invalide"),
        ("debit", "-1.00", "valeur_hors_bornes"),
        ("libelle", "x" * 301, "valeur_trop_longue"),
    ],
)
def test_wrong_cells_hold_their_unit_only(tmp_path: Path, column: str, value: str, code: str) -> None:
    tables = sound_tables()
    tables["mouvements"][1][column] = value
    with check(make_dossier(tmp_path / "a.zip", tables)) as controle:
        assert (code, 3, column) in places(list(controle.anomalies))
        assert set(controle.tenues) == {"copropriete:C2"}
        assert controle.con.execute("SELECT id FROM t_mouvements").fetchall() == [("MV1",)]
        assert controle.con.execute("SELECT id FROM t_coproprietes").fetchall() == [("C1",)]


@settings(max_examples=10, deadline=None)
@given(
    amounts=st.lists(
        st.tuples(
            st.decimals(min_value=0, max_value=10**11, places=2),
            st.decimals(min_value=0, max_value=10**11, places=2),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_amounts_are_exact_to_the_cent(
    tmp_path_factory: pytest.TempPathFactory, amounts: list[tuple[object, object]]
) -> None:
    folder = tmp_path_factory.mktemp("montants")
    tables = sound_tables()
    tables["mouvements"] = [
        {"id": f"M{i}", "compte_id": "A1", "le": "2026-11-22", "libelle": "x", "debit": d, "credit": c}
        for i, (d, c) in enumerate(amounts)
    ]
    balance = sum(d - c for d, c in amounts)  # type: ignore[operator]
    tables["comptes"][0]["solde"] = balance
    with check(make_dossier(folder / "a.zip", tables)) as controle:
        if abs(balance) < 10**12:
            assert list(controle.anomalies) == []
        rows = controle.con.execute("SELECT id, debit, credit FROM t_mouvements").fetchall()
        assert {r[0]: r[1:] for r in rows} == {f"M{i}": a for i, a in enumerate(amounts)}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'a;"b', True),
        (b'a;b"c', False),
        (b'"a""', True),
        (b'"a";"b', True),
        (b'"a"b;"c', False),
        (b'a;"b;c;', True),
    ],
)
def test_quote_opens_only_at_the_start_of_a_field(line: bytes, expected: bool) -> None:
    assert opens_quote(line) is expected


def test_document_faults_refuse_their_document_only(tmp_path: Path) -> None:
    tables = sound_tables()
    tables["documents"] = [
        document(),
        document("documents/absent.pdf", id="D2"),
        document("documents/faux.pdf", b"GIF89a", id="D3"),
        document("documents/court.pdf", id="D4", octets=len(PDF) + 1),
        document("documents/autre.pdf", id="D5", sha256="0" * 64),
        document("sha256:" + "0" * 64, id="D6"),
    ]
    tables["echeances"][0]["document_id"] = "D2"
    files = {"documents/d1.pdf": PDF, "documents/faux.pdf": b"GIF89a"}
    files |= {"documents/court.pdf": PDF, "documents/autre.pdf": PDF, "documents/seul.pdf": PDF}
    with check(make_dossier(tmp_path / "a.zip", tables, files)) as controle:
        assert places(list(controle.anomalies)) == {
            ("fichier_absent", 3, "fichier"),
            ("fichier_pas_pdf", 4, "fichier"),
            ("fichier_taille", 5, "octets"),
            ("fichier_empreinte", 6, "sha256"),
            ("fichier_absent", 7, "fichier"),
            ("fichier_non_reference", None, ""),
            ("lien_ignore", 2, "document_id"),
        }
        assert controle.tenues == {}
        assert controle.con.execute("SELECT id FROM t_documents").fetchall() == [("D1",)]
        assert controle.con.execute("SELECT document_id FROM t_echeances").fetchall() == [(None,)]
        with controle.open_document("documents/d1.pdf") as file:
            assert file.read() == PDF


def test_all_or_nothing_refuses_everything(tmp_path: Path) -> None:
    tables = sound_tables()
    tables["tiers"][2]["nature"] = "?"
    with check(make_dossier(tmp_path / "a.zip", tables, politique="tout_ou_rien")) as controle:
        assert controle.refuse
        assert "tout_ou_rien" in {a.code for a in controle.anomalies}


def test_working_files_are_removed(tmp_path: Path) -> None:
    work = tmp_path / "w"
    work.mkdir()
    with check_dossier(make_dossier(tmp_path / "a.zip"), "essai", work):
        assert list(work.glob("*.csv"))
    assert not list(work.glob("*.csv"))


def test_many_samples_are_capped_but_counted(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"id": i, "nature": "?", "nom": "A"} for i in range(1_200)]
    path = make_dossier(tmp_path / "a.zip", {"tiers": csv_bytes("tiers", rows)}, documents={})
    with check(path) as controle:
        (groupe,) = controle.collecte.groupes()
        assert (groupe.total, len(groupe.exemples), groupe.coupe) == (1_200, 1_000, True)
        lines = list(csv.DictReader(io.StringIO(write_csv(controle.collecte)[1:]), delimiter=";"))
        assert len(lines) == 1_001
        last = lines[-1]
        assert (last["gravite"], last["code"], last["ligne"]) == ("LIGNE", groupe.code, "")
        assert "Les 1 000 premières sur 1 200" in last["message"]
        assert "renvoyez" in last["conseil"]
        told = json.loads(write_json(controle))["coupes"]
        said = told[groupe.code].pop("message").replace("\u202f", " ")
        assert said == f"{last['message']} {last['conseil']}"
        assert told == {groupe.code: {"gardees": 1_000, "total": 1_200}}


def test_a_fault_told_once_for_many_files_is_not_cut(tmp_path: Path) -> None:
    members = {f"documents/perdu-{i}.pdf": b"%PDF-1.4 perdu" for i in range(3)}
    with check(make_dossier(tmp_path / "a.zip", members=members)) as controle:
        (groupe,) = controle.collecte.groupes()
        assert (groupe.code, groupe.total, groupe.coupe) == ("fichier_non_reference", 3, False)
        assert json.loads(write_json(controle))["coupes"] == {}
