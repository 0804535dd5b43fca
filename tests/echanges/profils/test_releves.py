"""Bank statements, CFONB 120 and camt.053: every amount to the cent, every hostile file refused with a sentence."""

from pathlib import Path

import pytest

from palier.echanges.profils.lecteurs.cfonb import iso_date, signed_amount
from tests.echanges.profils.outils import refusal, run


def record(code: str, amount: str, day: str = "150126", label: str = "", rest: str = "") -> str:
    """An invented CFONB 120 record of the account 00012345678."""
    head = f"{code}30009{'':4}01234EUR2 00012345678{'':2}{day}"
    body = f"{'':2}{day if code == '04' else '':6}{'':2}{label:31}" + "".ljust(11)
    return (head + body)[:90].ljust(90) + amount.rjust(14, "0") + rest.ljust(16)


RELEVE = [
    record("01", "1000{"),
    record("04", "2550L", label="PRLV ASSUREUR", rest="REF1"),
    record("05", "").replace(" " * 14, "")[:45] + "LIBCONTRAT 42",
    record("04", "10000{", label="VIR LOYER"),
    record("04", "10000{", label="VIR LOYER"),
    record("07", "18449I"),
]


def write(path: Path, records: list[str], end: str = "\n") -> Path:
    path.write_text(end.join(records) + end, encoding="ascii")
    return path


def test_cfonb_movements_and_balance(tmp_path: Path) -> None:
    found = run(["cfonb120"], [write(tmp_path / "releve.txt", RELEVE)], tmp_path)
    assert [(r["libelle"], r["debit"], r["credit"]) for r in found.table("mouvements")] == [
        ("Solde précédent", "0.00", "100.00"),
        ("PRLV ASSUREUR CONTRAT 42", "255.03", "0.00"),
        ("VIR LOYER", "0.00", "1000.00"),
        ("VIR LOYER", "0.00", "1000.00"),
    ]
    (compte,) = found.table("comptes")
    assert (compte["id"], compte["solde"], compte["publie"]) == (
        "30009/01234/00012345678",
        "-1844.97",
        "false",
    )
    assert {c.code for c in found.resultat.constats} == {"releve_incoherent"}


def test_cfonb_end_to_end_records_without_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "releve.txt"
    path.write_text("".join(r.ljust(120) for r in RELEVE), encoding="ascii")
    assert len(run(["cfonb120"], [path], tmp_path).table("mouvements")) == 4


@pytest.mark.parametrize(
    ("records", "sentence"),
    [
        (RELEVE[:-1], "coupé"),
        (RELEVE[1:], "n'est pas un relevé CFONB 120"),
        (["bonjour"], "n'est pas un relevé CFONB 120"),
        ([RELEVE[0], record("04", "12X4{"), RELEVE[-1]], "Montant illisible"),
        ([RELEVE[0], record("04", "100{", day="310226"), RELEVE[-1]], "Date illisible"),
        ([RELEVE[0], record("04", "100{").replace("EUR", "USD"), RELEVE[-1]], "Devise"),
    ],
)
def test_cfonb_refusals(tmp_path: Path, records: list[str], sentence: str) -> None:
    assert sentence in refusal(["cfonb120"], [write(tmp_path / "releve.txt", records)], tmp_path)


def test_overpunched_amounts() -> None:
    values = [signed_amount(t, "2") for t in ("0000000001904}", "000H", "12A", "5R", "70", "1 2{", "", "1Z")]
    assert values == [-19040, 8, 121, -59, 70, 120, None, None]
    assert [signed_amount("1000{", d) for d in ("0", "2", "3", "4")] == [1000000, 10000, 1000, 100]
    assert signed_amount("1001A", "3") is None
    assert [iso_date(t) for t in ("150126", "311299", "300226", "1A0126")] == [
        "2026-01-15",
        "1999-12-31",
        None,
        None,
    ]


def camt(version: int, entries: str, closing: str = "1050.00") -> str:
    """An invented statement; from version 8 the status and the parties are one level deeper."""
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version:02d}"

    def balance(code: str, value: str) -> str:
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{value}</Amt>'
            "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-15</Dt></Dt></Bal>"
        )

    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{space}"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>'
        "<Stmt><Id>R1</Id><Acct><Id><IBAN>FR7630006000011234567890189</IBAN></Id><Nm>SDC EXEMPLE</Nm></Acct>"
        f"{balance('OPBD', '1000.00')}{balance('CLBD', closing)}{entries}</Stmt></BkToCstmrStmt></Document>"
    )


def entry(version: int, value: str, side: str = "CRDT", status: str = "BOOK", details: str = "") -> str:
    state = f"<Cd>{status}</Cd>" if version >= 8 else status
    name = "<Pty><Nm>EXEMPLE Alice</Nm></Pty>" if version >= 8 else "<Nm>EXEMPLE Alice</Nm>"
    details = details or (
        f"<NtryDtls><TxDtls><Refs><EndToEndId>APF-1</EndToEndId></Refs><RltdPties><Dbtr>{name}</Dbtr></RltdPties>"
        "<RmtInf><Ustrd>APPEL T1</Ustrd></RmtInf></TxDtls></NtryDtls>"
    )
    return (
        f'<Ntry><Amt Ccy="EUR">{value}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{state}</Sts>'
        f"<BookgDt><Dt>2026-01-16</Dt></BookgDt>{details}</Ntry>"
    )


@pytest.mark.parametrize("version", range(2, 9))
def test_camt_every_version(tmp_path: Path, version: int) -> None:
    path = tmp_path / "releve.xml"
    entries = (
        entry(version, "80.00") + entry(version, "30.00", "DBIT") + entry(version, "9.99", status="PDNG")
    )
    path.write_text(camt(version, entries), encoding="utf-8")
    found = run(["camt053"], [path], tmp_path)
    assert [(r["libelle"], r["piece"], r["debit"], r["credit"]) for r in found.table("mouvements")] == [
        ("Solde précédent", "", "0.00", "1000.00"),
        ("APPEL T1", "APF-1", "0.00", "80.00"),
        ("APPEL T1", "APF-1", "30.00", "0.00"),
    ]
    (compte,) = found.table("comptes")
    assert (compte["numero"], compte["intitule"], compte["solde"]) == (
        "FR7630006000011234567890189", "SDC EXEMPLE", "-1050.00",
    )  # fmt: skip
    assert found.codes() == {"releve_non_comptabilise"}


def _batch(*values: str) -> str:
    parts = "".join(f'<TxDtls><Amt Ccy="EUR">{v}</Amt></TxDtls>' for v in values)
    return f"<NtryDtls>{parts}</NtryDtls>"


@pytest.mark.parametrize(
    ("values", "expected"), [(("20.00", "30.00"), ["20.00", "30.00"]), (("20.00", "29.99"), ["50.00"])]
)
def test_camt_splits_a_batch_only_when_it_adds_up(
    tmp_path: Path, values: tuple[str, ...], expected: list[str]
) -> None:
    path = tmp_path / "releve.xml"
    path.write_text(camt(4, entry(4, "50.00", details=_batch(*values))), encoding="utf-8")
    found = run(["camt053"], [path], tmp_path)
    assert [r["credit"] for r in found.table("mouvements")[1:]] == expected


BOMBE = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Document>&b;</Document>'
EXTERNE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (BOMBE, "DTD ou une entité"),
        (EXTERNE, "DTD ou une entité"),
        ("<Document", "bien formé"),
        ("bonjour", "bien formé"),
        ("<a/>", "n'est pas un message bancaire"),
        (camt(9, ""), "versions 2 à 8"),
        (camt(2, "").replace("camt.053", "pain.008"), "pain.008.001.02"),
        (camt(2, entry(2, "1.005")), "Montant illisible"),
        (camt(2, entry(2, "1.00").replace('Ccy="EUR"', 'Ccy="USD"')), "Devise"),
        (camt(2, "<a>" * 100 + "</a>" * 100), "profondément"),
        (camt(2, "")[:-40], "bien formé"),
    ],
)
def test_camt_refusals(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "releve.xml"
    path.write_text(text, encoding="utf-8")
    assert sentence in refusal(["camt053"], [path], tmp_path)
