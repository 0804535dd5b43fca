"""Pages and text of files, and the zip."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.core.files.storage import default_storage

from palier.core import vault
from palier.ged import archive, pdf
from palier.ged.queries import DocumentOuvert
from tests.factories import pdf as make_pdf

KEY = vault.AgenceKey(UUID(int=1), b"k" * 32, b"s" * 32)


def test_pages_et_texte_of_a_pdf_an_image_and_nonsense() -> None:
    pages, texte = pdf.pages_et_texte(make_pdf("Bonjour Madame"), "application/pdf")
    assert (pages, texte) == (1, "Bonjour Madame")
    assert pdf.pages_et_texte(b"x", "image/png") == (1, "")
    assert pdf.pages_et_texte(b"x", "application/zip") == (None, "")
    with pytest.raises(pdf.Illisible):
        pdf.pages_et_texte(b"%PDF-1.4 rien", "application/pdf")


def test_image_de_page_is_a_png_of_the_width_asked() -> None:
    image = pdf.image_de_page(make_pdf("Bonjour"), 1, 480)
    assert image[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(image[16:20], "big") == 480
    with pytest.raises(pdf.Illisible):
        pdf.image_de_page(make_pdf("Bonjour"), 2, 480)


def _document(content: bytes, titre: str, number: int) -> DocumentOuvert:
    sha256, adresse, octets = vault.store(KEY, content)
    return DocumentOuvert(
        UUID(int=number), KEY.agence_id, titre, "pv_assemblee", date(2026, 6, 12), None, "copropriete",
        "coproprietaires", datetime(2026, 6, 13, tzinfo=UTC), UUID(int=9), sha256, octets, "application/pdf", adresse,
        1, "", None,
    )  # fmt: skip


def test_zip_holds_the_bytes_that_were_sent_under_names_that_every_system_accepts() -> None:
    one = _document(b"un", "PV: a/b ../..\\c?", 1)
    two = _document(b"deux", "PV: a/b ../..\\c?", 2)
    built = archive.build(KEY, [one, two], "Illisibles")
    with zipfile.ZipFile(built.fichier) as found:
        names = found.namelist()
        assert names == [
            "Assemblées/2026-06-12 PV a b .. .. c.pdf",
            "Assemblées/2026-06-12 PV a b .. .. c (2).pdf",
        ]
        assert [found.read(name) for name in names] == [b"un", b"deux"]


def test_zip_leaves_a_damaged_file_out_and_says_so() -> None:
    good, bad = _document(b"bon", "Bon", 1), _document(b"mauvais", "Mauvais", 2)
    default_storage.delete(vault._path(KEY, bad.adresse))
    built = archive.build(KEY, [good, bad], "Illisibles")
    assert [d.titre for d in built.abimes] == ["Mauvais"]
    with zipfile.ZipFile(built.fichier) as found:
        assert found.namelist() == ["Assemblées/2026-06-12 Bon.pdf", "Illisibles.txt"]
        assert "12/06/2026 Mauvais" in found.read("Illisibles.txt").decode("utf-8-sig")


def test_nom_fichier_says_the_title_and_the_date() -> None:
    assert replace(_document(b"x", "Appel", 1)).nom_fichier == "Appel 2026-06-12.pdf"
