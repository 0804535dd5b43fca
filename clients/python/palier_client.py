#!/usr/bin/env python3
"""Sends a back-office's dossiers to Palier. One file, standard library only, Python 3.9 or later.

    export PALIER_URL=https://portail.exemple.fr PALIER_CLE=palier_…
    python palier_client.py envoyer dossier.zip
    python palier_client.py envoyer --controler dossier.zip
    python palier_client.py tables manifeste.json tiers.csv comptes.csv
    python palier_client.py etat ID · rapport ID · courant

Run it again after any failure: documents already there are not sent twice, nor is an import made twice.
Exit codes: 0 done, 1 refused by the portal or unreachable, 2 content refused, 3 a person of the agence must decide.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import os
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote, urlencode, urlsplit

ESSAIS = 6
PARTIE = 8 * 1024 * 1024  # bytes of a part of a table
BLOC = 256 * 1024
FINS = {"applique": 0, "deja_applique": 0, "verifie": 0, "partiel": 2, "refuse": 2, "a_confirmer": 3}


class Refus(Exception):
    """The portal said no: its problem (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code', '')} : {problem.get('detail', '')}")
        self.status, self.problem = status, problem


@dataclass(frozen=True)
class Reponse:
    """An answer, read whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Return the body as JSON."""
        return json.loads(self.body)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A key is never carried to another address."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class Palier:
    """The portal, seen with one key."""

    def __init__(self, url: str, cle: str, delai: float = 120.0) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
            raise ValueError("PALIER_URL doit commencer par https://")
        self._base, self._cle, self._delai = url.rstrip("/") + "/api/v1", cle, delai
        self._opener = urllib.request.build_opener(_NoRedirect)

    def call(
        self,
        verb: str,
        path: str,
        body: bytes | Path | None = None,
        kind: str = "",
        headers: dict[str, str] | None = None,
    ) -> Reponse:
        """Send a request, again when the network, the load or a restart stopped it. Raises Refus or OSError."""
        for essai in range(ESSAIS):
            try:
                answer = self._once(verb, path, body, kind, headers or {})
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if essai == ESSAIS - 1:
                    raise
                time.sleep(2**essai)
                continue
            if answer.status in {429, 500, 502, 503, 504} and essai < ESSAIS - 1:
                time.sleep(min(float(answer.headers.get("retry-after", 2**essai)), 120))
                continue
            if answer.status >= 400:
                raise Refus(answer.status, _problem(answer))
            return answer
        raise AssertionError("unreachable")

    def _once(
        self, verb: str, path: str, body: bytes | Path | None, kind: str, headers: dict[str, str]
    ) -> Reponse:
        source: IO[bytes] | None = body.open("rb") if isinstance(body, Path) else None
        length = body.stat().st_size if isinstance(body, Path) else len(body or b"")
        try:
            request = urllib.request.Request(  # noqa: S310  (the scheme was judged when the portal was made)
                self._base + path, data=source or (body if isinstance(body, bytes) else None), method=verb
            )
            request.add_header("Authorization", f"Bearer {self._cle}")
            request.add_header("Accept", "*/*")
            if body is not None:
                request.add_header("Content-Type", kind)
            request.add_header("Content-Length", str(length))
            for name, value in headers.items():
                request.add_header(name, value)
            with self._opener.open(request, timeout=self._delai) as found:
                return Reponse(found.status, _lower(found.headers), found.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reponse(error.code, _lower(error.headers), error.read())
        finally:
            if source is not None:
                source.close()

    def has_document(self, sha256: str) -> bool:
        """Tell whether the agence holds a document already."""
        try:
            self.call("HEAD", f"/documents/{sha256}")
        except Refus as refus:
            if refus.status == 404:
                return False
            raise
        return True

    def send_document(self, content: bytes) -> str:
        """Send a PDF unless it is there; return how a row cites it."""
        sha256 = hashlib.sha256(content).hexdigest()
        if not self.has_document(sha256):
            self.call("PUT", f"/documents/{sha256}", content, "application/pdf")
        return f"sha256:{sha256}"

    def send_zip(self, path: Path, suite: str, key: str = "") -> dict[str, Any]:
        """Send a dossier; return the import. ``key``: the same one gives the same import."""
        return self._send_whole(path, suite, key, "application/zip")

    def send_export(self, path: Path, suite: str, key: str = "") -> dict[str, Any]:
        """Send an export as it is (a file, or a zip of several), which a calibrated profile reads; return the import."""
        return self._send_whole(path, suite, key, "application/octet-stream")

    def _send_whole(self, path: Path, suite: str, key: str, kind: str) -> dict[str, Any]:
        query = urlencode({"suite": suite, "nom": path.name})
        headers = {"Idempotency-Key": key} if key else {}
        found: dict[str, Any] = self.call("POST", f"/imports?{query}", path, kind, headers).json()
        return found

    def open_tables(self, manifest: bytes, key: str = "") -> str:
        """Open an import that tables will fill; return its id."""
        headers = {"Idempotency-Key": key} if key else {}
        return str(self.call("POST", "/imports", manifest, "application/json", headers).json()["id"])

    def send_table(self, number: str, path: Path) -> int:
        """Send a table (CSV or NDJSON, by its suffix) in parts, those that are there already left out."""
        table, lined = path.name.split(".")[0], path.suffix in {".ndjson", ".jsonl"}
        kind = "application/x-ndjson" if lined else "text/csv"
        rank = 0
        for rank, part in enumerate(parts(path, header=not lined), 1):
            self.call("PUT", f"/imports/{number}/tables/{quote(table, safe='')}?partie={rank}", part, kind)
        return rank

    def act(self, number: str, verb: str) -> dict[str, Any]:
        """Ask for ``controler``, ``appliquer`` or ``annuler``."""
        found: dict[str, Any] = self.call("POST", f"/imports/{number}/{verb}").json()
        return found

    def state(self, number: str) -> dict[str, Any]:
        """Return where an import stands."""
        found: dict[str, Any] = self.call("GET", f"/imports/{number}").json()
        return found

    def wait(self, number: str, patience: float = 6 * 3600) -> dict[str, Any]:
        """Return an import once it has ended. Raises TimeoutError."""
        end, pause = time.monotonic() + patience, 0.5
        while time.monotonic() < end:
            found = self.state(number)
            if found["termine"]:
                return found
            time.sleep(pause)
            pause = min(pause * 1.5, 15)
        raise TimeoutError(f"import {number}")

    def report(self, number: str, *, as_csv: bool = False) -> bytes:
        """Return the report of the last run."""
        return self.call("GET", f"/imports/{number}/rapport?format={'csv' if as_csv else 'json'}").body

    def current(self) -> dict[str, Any]:
        """Return what is on line for the key's source."""
        found: dict[str, Any] = self.call("GET", "/imports/courant").json()
        return found


def _lower(headers: Any) -> dict[str, str]:
    return {str(name).lower(): str(value) for name, value in headers.items()}


def _problem(answer: Reponse) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}


def parts(path: Path, *, header: bool, size: int = PARTIE) -> Iterator[bytes]:
    """Cut a table between two whole records; each part of a CSV starts with the header."""
    with path.open("rb") as source:
        first = source.readline() if header else b""
        kept, length, quoted, cut = [first], len(first), False, 0
        for line in source:
            kept.append(line)
            length += len(line)
            quoted ^= bool(header and line.count(b'"') & 1)
            if length >= size and not quoted:
                yield b"".join(kept)
                kept, length, cut = [first], len(first), cut + 1
        if len(kept) > 1 or not cut:
            yield b"".join(kept)


def lighten(portal: Palier, source: Path, target: Path) -> int:
    """Send the documents of a dossier one by one, and write the same dossier citing them; return how many."""
    with zipfile.ZipFile(source) as given:
        manifest = json.loads(given.read("dossier.json").decode("utf-8-sig"))
        entry = next((f for f in manifest["fichiers"] if f["table"] == "documents"), None)
        path = entry.get("chemin", "documents.csv") if entry else ""
        rewritten, sent = _cite(portal, given, path) if entry else (b"", 0)
        if entry:
            entry["sha256"] = hashlib.sha256(rewritten).hexdigest()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr(_member("dossier.json"), json.dumps(manifest, ensure_ascii=False))
            for name in (f.get("chemin", f"{f['table']}.csv") for f in manifest["fichiers"]):
                if name == path:
                    out.writestr(_member(name), rewritten)
                    continue
                with given.open(name) as old, out.open(_member(name), "w", force_zip64=True) as new:
                    while block := old.read(BLOC):
                        new.write(block)
    return sent


def _member(name: str) -> zipfile.ZipInfo:
    """A member with a fixed date: the same dossier gives the same bytes, so that a replay is recognised."""
    info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _cite(portal: Palier, given: zipfile.ZipFile, path: str) -> tuple[bytes, int]:
    raw = given.read(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    column = [cell.strip().lower() for cell in rows[0]].index("fichier")
    cited: dict[str, str] = {}
    for row in rows[1:]:
        name = row[column] if len(row) > column else ""
        if not name or name.startswith("sha256:"):
            continue
        if name not in cited and name in given.NameToInfo:
            content = given.read(name)
            if not content.startswith(b"%PDF-"):
                continue  # the portal's report says what is wrong with it
            cited[name] = portal.send_document(content)
        row[column] = cited.get(name, name)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator="\n").writerows(rows)
    return out.getvalue().encode(), len(cited)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as source:
        while block := source.read(BLOC):
            found.update(block)
    return found.hexdigest()


def _send(portal: Palier, args: argparse.Namespace) -> int:
    suite, dossier = ("controler" if args.controler else "appliquer"), Path(args.dossier)
    with tempfile.TemporaryDirectory() as folder:
        light = Path(folder) / dossier.name
        sent = lighten(portal, dossier, light)
        print(f"{sent} documents vérifiés ou envoyés.", file=sys.stderr)
        number = portal.send_zip(light, suite, f"{suite}-{digest(dossier)}")["id"]
    return _end(portal, number)


def _export(portal: Palier, args: argparse.Namespace) -> int:
    path, suite = Path(args.fichier), "controler" if args.controler else "appliquer"
    return _end(portal, portal.send_export(path, suite, f"{suite}-{digest(path)}")["id"])


def _tables(portal: Palier, args: argparse.Namespace) -> int:
    manifest = Path(args.manifeste).read_bytes()
    number = portal.open_tables(manifest)
    for name in args.tables:
        print(f"{name} : {portal.send_table(number, Path(name))} partie(s).", file=sys.stderr)
    portal.act(number, "controler" if args.controler else "appliquer")
    return _end(portal, number)


def _end(portal: Palier, number: str) -> int:
    print(f"Import {number} : attente de la fin.", file=sys.stderr)
    found = portal.wait(number)
    print(json.dumps(found, ensure_ascii=False, indent=1))
    return FINS.get(str(found["etat"]), 2)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Envoie les dossiers d'un logiciel de gestion à Palier.")
    commands = parser.add_subparsers(dest="commande", required=True)
    for name, words in (
        ("envoyer", "un dossier zip"),
        ("export", "un export tel quel"),
        ("tables", "un manifeste et ses tables"),
    ):
        command = commands.add_parser(name, help=f"envoie {words} et attend la fin")
        command.add_argument("--controler", action="store_true", help="à blanc : rien n'est mis en ligne")
        command.add_argument({"envoyer": "dossier", "export": "fichier", "tables": "manifeste"}[name])
        if name == "tables":
            command.add_argument("tables", nargs="+")
    for name in ("etat", "rapport", "annuler"):
        commands.add_parser(name).add_argument("id")
    commands.add_parser("courant", help="ce qui est en ligne")
    return parser


def _shown(portal: Palier, args: argparse.Namespace) -> dict[str, Any]:
    if args.commande == "courant":
        return portal.current()
    return portal.state(args.id) if args.commande == "etat" else portal.act(args.id, "annuler")


def main(argv: list[str] | None = None) -> int:
    """Run a command; return its exit code."""
    args = _parser().parse_args(argv)
    url, cle = os.environ.get("PALIER_URL", ""), os.environ.get("PALIER_CLE", "")
    if not url or not cle:
        print("Donnez PALIER_URL et PALIER_CLE dans l'environnement.", file=sys.stderr)
        return 1
    try:
        portal = Palier(url, cle)
        if args.commande == "envoyer":
            return _send(portal, args)
        if args.commande == "export":
            return _export(portal, args)
        if args.commande == "tables":
            return _tables(portal, args)
        if args.commande == "rapport":
            print(portal.report(args.id, as_csv=True).decode("utf-8-sig"), end="")
        else:
            print(json.dumps(_shown(portal, args), ensure_ascii=False, indent=1))
    except Refus as refus:
        print(refus, file=sys.stderr)
        for fault in refus.problem.get("erreurs") or []:
            print(f"  {fault.get('ou')} : {fault.get('message')}", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        print(f"Échec : {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
