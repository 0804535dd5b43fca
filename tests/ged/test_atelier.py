"""Hostile files are read apart: confined, counted, and a death costs one preview."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from palier.ged import atelier, pdf
from palier.ged.atelier import Atelier, Ouvrier
from palier.ged.pdf import Illisible, PageAbsente
from tests.factories import pdf as make_pdf

ROOT = Path(__file__).resolve().parents[2]
# Runs confined, then tries what an attacker who took the process over would try.
ATTAQUE = """
import os, socket, sys
from palier.ged import confinement
assert confinement.confine() is True
def refused(act):
    try:
        act()
    except PermissionError:
        return
    sys.exit(f"allowed: {act}")
for act in (
    lambda: open("/etc/passwd"), lambda: open("/proc/self/environ"), lambda: open("/tmp/palier-essai", "w"),
    lambda: socket.socket(), lambda: socket.socket(socket.AF_UNIX), lambda: os.fork(), lambda: os.kill(1, 0),
    lambda: os.execv("/bin/true", ["true"]), lambda: os.unlink("/tmp/palier-essai"),
):
    refused(act)
try:
    bytearray(2 << 30)
except MemoryError:
    print("sealed")
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="the filter is the Linux kernel's")


def test_the_same_text_and_the_same_image_as_in_this_process() -> None:
    content = make_pdf("Bonjour Madame é")
    assert atelier.pages_et_texte(content, "application/pdf") == pdf.pages_et_texte(
        content, "application/pdf"
    )
    assert atelier.image_de_page(content, 1, 480) == pdf.image_de_page(content, 1, 480)


def test_what_cannot_be_read_is_said_and_the_next_file_is_read() -> None:
    with pytest.raises(Illisible):
        atelier.pages_et_texte(b"%PDF-1.4 rien", "application/pdf")
    with pytest.raises(PageAbsente):
        atelier.image_de_page(make_pdf("un"), 2, 480)
    assert atelier.pages_et_texte(make_pdf("deux"), "application/pdf") == (1, "deux")


@linux
def test_the_confined_process_opens_no_file_no_socket_and_no_program() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ATTAQUE], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "sealed"), done.stderr


@linux
def test_the_process_is_given_no_secret() -> None:
    ouvrier = Ouvrier()
    try:
        ouvrier.ask(b"T", 0, 0, b"application/pdf", make_pdf("x"))
        environment = Path(f"/proc/{ouvrier.process.pid}/environ").read_bytes()
        assert b"DATABASE" not in environment and b"PALIER" not in environment
        status = Path(f"/proc/{ouvrier.process.pid}/status").read_text()
        assert "Seccomp:\t2" in status and "NoNewPrivs:\t1" in status
    finally:
        ouvrier.end()


def test_a_process_that_hangs_is_ended_and_another_takes_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atelier, "PATIENCE", 0.7)
    shop = Atelier(1)
    try:
        shop.ask(b"T", make_pdf("un"), mime="application/pdf")
        ouvrier = shop._places.queue[0]  # type: ignore[attr-defined]
        os.kill(ouvrier.process.pid, signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(Illisible, match="too slow"):
            shop.ask(b"T", make_pdf("deux"), mime="application/pdf")
        assert time.monotonic() - start < 5
        assert ouvrier.process.poll() is not None
        monkeypatch.setattr(atelier, "PATIENCE", 20.0)
        assert shop.ask(b"T", make_pdf("trois"), mime="application/pdf")[4:] == b"trois"
    finally:
        shop.close()


def test_a_process_that_dies_costs_one_preview() -> None:
    shop = Atelier(1)
    try:
        shop.ask(b"T", make_pdf("un"), mime="application/pdf")
        shop._places.queue[0].process.kill()  # type: ignore[attr-defined]
        shop._places.queue[0].process.wait()  # type: ignore[attr-defined]
        assert shop.ask(b"T", make_pdf("deux"), mime="application/pdf")[4:] == b"deux"
    finally:
        shop.close()


def test_threads_share_the_processes() -> None:
    shop, found = Atelier(2), []
    content = make_pdf("ensemble")

    def work() -> None:
        found.append(shop.ask(b"T", content, mime="application/pdf")[4:])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    shop.close()
    assert found == [b"ensemble"] * 8
