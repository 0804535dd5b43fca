"""Where files that others sent are rendered: short-lived processes with nothing to steal and little to spend.

PDFium is a large C++ library that reads hostile input. It runs apart, in a process that has no secret in its
environment, that can open no file and no socket once it has started (``palier.ged.confinement``), and whose memory,
processor time and patience are counted. A document that breaks it costs its own preview, never a page of the portal.
"""

import atexit
import os
import queue
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from select import select

from palier.ged import pdf
from palier.ged.pdf import Illisible, PageAbsente

PROCESSUS = 2  # at once, for each process of the portal
TRAVAUX = 200  # done by a process before another takes its place
PATIENCE = 20.0  # seconds for one piece of work, wall time; its processor time is counted in ``confinement``
ATTENTE = 20.0  # seconds that a request waits for a free process
DEMANDE = struct.Struct(">cIIHQ")  # kind, page, width, length of the type, length of the content
REPONSE = struct.Struct(">cQ")  # kind, length
BLOC = 1 << 20

ROOT = Path(__file__).resolve().parents[2]


class _Mort(Exception):
    """The process died, or was too slow, and was ended."""


class Ouvrier:
    """One process, and the pipe to it."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.faits = 0
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "palier.ged.ouvrier"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},  # no secret, no address of the database
            close_fds=True,
            start_new_session=True,
        )
        assert self.process.stdin is not None and self.process.stdout is not None
        self.entree, self.sortie = self.process.stdin.fileno(), self.process.stdout.fileno()
        os.set_blocking(self.entree, False)

    def ask(self, kind: bytes, page: int, largeur: int, mime: bytes, contenu: bytes) -> tuple[bytes, bytes]:
        """Send one piece of work and return (kind of answer, its bytes); raise ``_Mort``."""
        limit = time.monotonic() + PATIENCE
        self.faits += 1
        try:
            self._send(DEMANDE.pack(kind, page, largeur, len(mime), len(contenu)) + mime, limit)
            self._send(contenu, limit)
            answer, length = REPONSE.unpack(self._receive(REPONSE.size, limit))
            return answer, self._receive(length, limit)
        except (OSError, _Mort) as error:
            self.end()
            raise _Mort(str(error)) from None

    def _send(self, data: bytes, limit: float) -> None:
        view = memoryview(data)
        while view:
            if not select([], [self.entree], [], max(0.0, limit - time.monotonic()))[1]:
                raise _Mort("too slow to listen")
            view = view[os.write(self.entree, view[:BLOC]) :]

    def _receive(self, length: int, limit: float) -> bytes:
        parts: list[bytes] = []
        while length:
            if not select([self.sortie], [], [], max(0.0, limit - time.monotonic()))[0]:
                raise _Mort("too slow to answer")
            block = os.read(self.sortie, min(length, BLOC))
            if not block:
                raise _Mort("died")
            parts.append(block)
            length -= len(block)
        return b"".join(parts)

    @property
    def usable(self) -> bool:
        """Whether it can take more work: alive, ours (not our parent's, after a fork), not yet worn out."""
        return self.pid == os.getpid() and self.faits < TRAVAUX and self.process.poll() is None

    def end(self) -> None:
        """End the process and free its pipes."""
        if self.pid != os.getpid():
            return
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


class Atelier:
    """The few processes of this process of the portal: started when needed, shared by its threads."""

    def __init__(self, size: int = PROCESSUS) -> None:
        self._places: queue.LifoQueue[Ouvrier | None] = queue.LifoQueue()
        for _place in range(size):
            self._places.put(None)

    def ask(self, kind: bytes, contenu: bytes, *, page: int = 0, largeur: int = 0, mime: str = "") -> bytes:
        """Have one piece of work done; raise ``Illisible`` when it cannot be."""
        try:
            ouvrier = self._places.get(timeout=ATTENTE)
        except queue.Empty:
            raise Illisible("every process is busy") from None
        try:
            if ouvrier is None or not ouvrier.usable:
                if ouvrier is not None:
                    ouvrier.end()
                ouvrier = Ouvrier()
            answer, data = ouvrier.ask(kind, page, largeur, mime.encode(), contenu)
        except _Mort as error:
            ouvrier = None
            raise Illisible(f"the process that read it {error}") from None
        finally:
            self._places.put(ouvrier)
        if answer == b"P":
            raise PageAbsente("no such page")
        if answer != b"R":
            raise Illisible(data.decode("utf-8", "replace"))
        return data

    def close(self) -> None:
        """End the processes that rest."""
        while True:
            try:
                ouvrier = self._places.get_nowait()
            except queue.Empty:
                return
            if ouvrier is not None:
                ouvrier.end()


_verrou = threading.Lock()
_ateliers: dict[int, Atelier] = {}


def _atelier() -> Atelier:
    """Return the workshop of this process: a fork shares no pipe with its parent."""
    with _verrou:
        found = _ateliers.get(os.getpid())
        if found is None:
            _ateliers.clear()
            found = _ateliers[os.getpid()] = Atelier()
            atexit.register(found.close)
        return found


def pages_et_texte(contenu: bytes, mime: str) -> tuple[int | None, str]:
    """Return (number of pages, plain text) of a file, as ``pdf.pages_et_texte`` does, but read apart."""
    if mime != "application/pdf" or len(contenu) > pdf.MAX_OCTETS:
        return pdf.pages_et_texte(contenu, mime)
    data = _atelier().ask(b"T", contenu, mime=mime)
    return int.from_bytes(data[:4], "big"), data[4:].decode()


def image_de_page(contenu: bytes, numero: int, largeur: int) -> bytes:
    """Return a page of a PDF as a PNG, as ``pdf.image_de_page`` does, but drawn apart."""
    return _atelier().ask(b"I", contenu, page=numero, largeur=largeur)
