"""Writes the four invented exports of tests/donnees/connecteurs from the generator's small agency.

``.venv/bin/python -m tests.echanges.connecteurs.echantillons`` writes them again. Their shapes are ours: nothing of any
vendor's exports is known, and the names of the files and columns are only what a French export may look like.
"""

import csv
import io
import tempfile
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

DONNEES = Path(__file__).resolve().parents[2] / "donnees" / "connecteurs"
Tables = dict[str, list[dict[str, str]]]


def tables() -> Tables:
    """The tables of the generator's small agency."""
    from palier.echanges.generateur import ESSAI, GRAINE, generate_agence

    with tempfile.TemporaryDirectory() as folder:
        made = generate_agence(ESSAI, GRAINE, date(2026, 11, 22), Path(folder) / "dossier.zip")
        with zipfile.ZipFile(made.path) as archive:
            return {
                name[:-4]: list(csv.DictReader(io.StringIO(archive.read(name).decode()), delimiter=";"))
                for name in archive.namelist()
                if name.endswith(".csv")
            }


def people(found: Tables, role: str) -> list[dict[str, Any]]:
    """Accounts of a capacity with their first holder."""
    tiers = {t["id"]: t for t in found["tiers"]}
    holder: dict[str, dict[str, str]] = {}
    for row in found["comptes_tiers"]:
        holder.setdefault(row["compte_id"], tiers[row["tiers_id"]])
    return [{**c, "t": holder[c["id"]]} for c in found["comptes"] if c["role"] == role and c["id"] in holder]


def french(amount: str, blank: str = " ") -> str:
    """`1 234,50`."""
    return f"{Decimal(amount or '0'):,.2f}".replace(",", blank).replace(".", ",")


def day(text: str) -> str:
    """`31/12/2026`."""
    return "/".join(reversed(text.split("-"))) if text else ""


def spilasuite(found: Tables) -> bytes:
    """One delimited list in cp1252: tenants, their lease and what they owe."""
    leases = {b["compte_id"]: b for b in found["baux"]}
    lots = {b["bail_id"]: b["lot_id"] for b in found["baux_lots"]}
    numbers = {lot["id"]: lot for lot in found["lots"]}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Compte L", "Civilité", "Locataire", "Prénom", "Mél", "Portable", "N° bail", "Immeuble", "Lot",
                     "Date d'entrée", "Loyer HC", "Provision charges", "Solde dû", "IBAN", "Observations"])  # fmt: skip
    for rank, one in enumerate(people(found, "locataire")[:14], start=1):
        lease, t = leases.get(one["id"], {}), one["t"]
        lot = numbers.get(lots.get(lease.get("id", ""), ""), {})
        writer.writerow([
            f"L{rank:05d}", t["civilite"], t["nom"], t["prenom"], t["email"], t["telephone_mobile"], lease.get("numero", ""),
            lot.get("immeuble_id", ""), lot.get("numero", ""), day(lease.get("debut", "")), french(lease.get("loyer", "")),
            french(lease.get("provision_charges", "")), french(one["solde"]), _iban(rank), "Entré avec un garant" if rank % 3 else "",
        ])  # fmt: skip
    return out.getvalue().replace("\u202f", " ").encode("cp1252", "replace")


def _iban(rank: int) -> str:
    """An invented IBAN of an invented bank, with its check digits."""
    bban = f"99999000{rank:013d}97"[:23]
    digits = "".join(str(int(c, 36)) for c in bban + "FR00")
    return f"FR{98 - int(digits) % 97:02d}{bban}"


def sdgi(found: Tables) -> bytes:
    """A fixed width balance of co-owners, with its line of titles."""
    widths = (10, 30, 20, 48, 8, 26, 12, 12, 9)
    titles = ("COMPTE", "NOM", "PRENOM", "EMAIL", "COPRO", "RESIDENCE", "DEBITEUR", "CREDITEUR", "ARRETE")
    names = {c["id"]: c for c in found["coproprietes"]}
    lines = ["".join(t.ljust(w) for t, w in zip(titles, widths, strict=True))]
    for one in people(found, "coproprietaire")[:16]:
        solde, t, copro = Decimal(one["solde"] or "0"), one["t"], names[one["copropriete_id"]]
        cells = (
            one["numero"], t["nom"].upper(), t["prenom"], t["email"], copro["code"], copro["nom"],
            f"{max(solde, Decimal(0)):.2f}".replace(".", ",") if solde > 0 else "",
            f"{-solde:.2f}".replace(".", ",") if solde < 0 else "", "20261122",
        )  # fmt: skip
        lines.append("".join(c[: w - 1].ljust(w) for c, w in zip(cells, widths, strict=True)))
    return ("\r\n".join(lines) + "\r\n").encode("cp1252", "replace")


def gpi(found: Tables) -> bytes:
    """A workbook: a title, the date, a blank row, the titles, the accounts of both trades, then a total."""
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "Garde"
    cover["A1"] = "Édition du 22/11/2026"
    sheet = book.create_sheet("Soldes")
    sheet.append(["Balance des comptes clients"])
    sheet.append(["Agence invente", None, "Arrêté au", date(2026, 11, 22)])
    sheet.append([])
    sheet.append(
        [
            "N° de compte",
            "Nom",
            "Code copro",
            "Courriel",
            "Tél. portable",
            "CP",
            "Ville",
            "Solde",
            "Mode de règlement",
        ]
    )
    total = Decimal(0)
    codes = {c["id"]: c["code"] for c in found["coproprietes"]}
    modes = {"prelevement": "PRLV", "virement": "VIR", "cheque": "CHQ", "cb": "CB", "autre": "AUT"}
    chosen = people(found, "coproprietaire")[:8] + people(found, "locataire")[:6]
    for rank, one in enumerate(chosen, start=1):
        solde, t = Decimal(one["solde"] or "0"), one["t"]
        total += solde
        number = one["numero"] if one["role"] == "coproprietaire" else f"411{rank:04d}"
        sheet.append([number, f"{t['nom']} {t['prenom']}".strip(), codes.get(one["copropriete_id"], ""), t["email"],
                      t["telephone_mobile"], t["code_postal"], t["ville"], float(solde), modes.get(one["mode_reglement"], "")])  # fmt: skip
    sheet.append(["TOTAL GÉNÉRAL", None, None, None, None, None, None, float(total)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def login(found: Tables) -> dict[str, bytes]:
    """Several files in one zip: accounts (tabs), ledger with amount and side (pipes), contacts (commas), PDFs."""
    chosen = people(found, "coproprietaire")[:6]
    ids = {c["id"]: c["numero"] for c in chosen}
    accounts, ledger, contacts = io.StringIO(), io.StringIO(), io.StringIO()
    a = csv.writer(accounts, delimiter="\t", lineterminator="\n")
    g = csv.writer(ledger, delimiter="|", lineterminator="\r\n")
    c = csv.writer(contacts, delimiter=",", lineterminator="\n")
    a.writerow(["Compte", "Intitulé", "Syndicat", "Nom résidence"])
    g.writerow(["Compte", "Date écriture", "Jnl", "Pièce", "Libellé", "Montant", "D/C"])
    c.writerow(["Compte", "Nom", "Prénom", "Adresse e-mail", "Adresse", "Code postal", "Ville"])
    names = {k["id"]: k for k in found["coproprietes"]}
    files: dict[str, bytes] = {}
    for one in chosen:
        copro, t = names[one["copropriete_id"]], one["t"]
        a.writerow([one["numero"], one["intitule"], copro["code"], copro["nom"]])
        c.writerow(
            [one["numero"], t["nom"], t["prenom"], t["email"], t["adresse_1"], t["code_postal"], t["ville"]]
        )
        files[f"courriers/appel_{one['numero']}_2026-10-01.pdf"] = _pdf(one["numero"])
    for row in found["mouvements"]:
        if row["compte_id"] in ids:
            debit = Decimal(row["debit"])
            amount = debit or Decimal(row["credit"])
            g.writerow([ids[row["compte_id"]], row["le"].replace("-", ""), row["journal"], row["piece"], row["libelle"],
                        f"{amount:.2f}", "D" if debit else "C"])  # fmt: skip
    files["comptes.txt"] = accounts.getvalue().encode()
    files["grand_livre.txt"] = ledger.getvalue().encode()
    files["contacts.csv"] = contacts.getvalue().encode()
    return files


def _pdf(account: str) -> bytes:
    from tests.echanges.profils.outils import pdf

    return pdf(f"Appel de fonds, compte {account}")


def write_all(folder: Path = DONNEES) -> None:
    """Write the four exports."""
    found = tables()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "spilasuite-locataires.csv").write_bytes(spilasuite(found))
    (folder / "sdgi-balance.txt").write_bytes(sdgi(found))
    (folder / "gpi-soldes.xlsx").write_bytes(gpi(found))
    with zipfile.ZipFile(folder / "login-envoi.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in login(found).items():
            info = zipfile.ZipInfo(name, (2026, 11, 22, 2, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


if __name__ == "__main__":
    write_all()
