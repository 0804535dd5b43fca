"""The central directory of a zip, judged before anything is inflated.

Format: APPNOTE.TXT 6.3 of PKWARE, sections 4.3.12 to 4.3.16 (end records, zip64) and 4.4 (fields).
"""

import os
import stat
import struct
import unicodedata
import zipfile
from typing import BinaryIO

from palier.echanges.anomalies import refusal
from palier.echanges.limites import Limites

LOCAL, CENTRAL, END, END64, LOCATOR64 = (
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x06\x06",
    b"PK\x06\x07",
)
END_SIZE, LOCATOR_SIZE, END64_SIZE, CENTRAL_SIZE = 22, 20, 56, 46
NAME_MAX = 400
ARCHIVES = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".jar")


def _end_record(file: BinaryIO, size: int) -> tuple[int, int]:
    """Offset and size of the central directory. Raises the refusal of a file that is no whole zip."""
    file.seek(0)
    head = file.read(4)
    if head not in (LOCAL, END):
        raise refusal("zip_invalide")
    window = min(size, END_SIZE + 0xFFFF)
    file.seek(size - window)
    tail = file.read(window)
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < END_SIZE:
        raise refusal("zip_tronque")
    length, offset = struct.unpack_from("<LL", tail, at + 12)
    if 0xFFFFFFFF in (length, offset) or struct.unpack_from("<H", tail, at + 10)[0] == 0xFFFF:
        start = size - window + at - LOCATOR_SIZE
        file.seek(max(start, 0))
        locator = file.read(LOCATOR_SIZE)
        if start >= 0 and locator[:4] == LOCATOR64:
            (where,) = struct.unpack_from("<Q", locator, 8)
            file.seek(min(where, size))
            record = file.read(END64_SIZE)
            if record[:4] != END64 or len(record) < END64_SIZE:
                raise refusal("zip_tronque")
            length, offset = struct.unpack_from("<QQ", record, 40)
    if offset + length > size:
        raise refusal("zip_tronque")
    return offset, length


def judge_directory(file: BinaryIO, limites: Limites) -> None:
    """Count the members without building them: a directory may announce millions. Raises DossierRefuse."""
    size = file.seek(0, os.SEEK_END)
    offset, length = _end_record(file, size)
    if length > limites.repertoire:
        raise refusal("zip_trop_de_membres", maximum=limites.membres)
    file.seek(offset)
    directory = file.read(length)
    at = count = 0
    while directory[at : at + 4] == CENTRAL and at + CENTRAL_SIZE <= length:
        count += 1
        if count > limites.membres:
            raise refusal("zip_trop_de_membres", maximum=limites.membres)
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        at += CENTRAL_SIZE + name + extra + comment
    if at != length:
        raise refusal("zip_tronque")
    file.seek(0)


def shown(name: str) -> str:
    """A member's name as a report may show it: printable and short."""
    clean = "".join(c if c.isprintable() else "?" for c in name)
    return clean if len(clean) <= 80 else clean[:77] + "…"


def is_safe_path(name: str) -> bool:
    """Whether a name is a plain relative path: no root, no drive, no parent, no backslash, no control character."""
    if not name or len(name) > NAME_MAX or name.startswith("/") or "\\" in name or ":" in name.split("/")[0]:
        return False
    if any(unicodedata.category(c) in {"Cc", "Cs", "Cf"} for c in name):
        return False
    parts = name.split("/")
    return not any(p in {"", ".", ".."} or p != p.strip() for p in parts)


def judge_member(info: zipfile.ZipInfo) -> None:
    """Refuse a member by what its entry says: path, kind, encryption, method, nesting. Raises DossierRefuse."""
    name = shown(info.orig_filename)
    path = info.orig_filename.removesuffix("/") if info.is_dir() else info.orig_filename
    if info.orig_filename != info.filename or not is_safe_path(path):
        raise refusal("zip_chemin", membre=name)
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR} or (kind == stat.S_IFDIR) > info.is_dir():
        raise refusal("zip_lien", membre=name)
    if info.flag_bits & 0x2041:
        raise refusal("zip_chiffre", membre=name)
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise refusal("zip_methode", membre=name)
    if info.filename.lower().endswith(ARCHIVES):
        raise refusal("zip_imbrique", membre=name)


def judge_overlap(infos: list[zipfile.ZipInfo], start_dir: int) -> None:
    """Refuse members that share compressed bytes: the trick of the densest bombs. Raises DossierRefuse."""
    end = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        if info.header_offset < end:
            raise refusal("membre_altere", membre=shown(info.filename))
        end = info.header_offset + 30 + info.compress_size
    if end > start_dir:
        raise refusal("zip_tronque")
