"""The test of a calibration: its anonymised sample, converted again, gives exactly the rows kept with it."""

import tempfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from palier.echanges.profils import Profil, ProfilRefuse, convert
from palier.echanges.profils.modele import build_profile, parse_yaml
from palier.echanges.profils.pieces import inventory

from .essai import read_tables, request
from .reconnaissance import link

Attendu = dict[str, list[dict[str, str]]]


def convert_sample(profil: Profil, sample: bytes, slug: str = "essai") -> Attendu:
    """The rows that a sample gives. Raises ProfilRefuse."""
    with tempfile.TemporaryDirectory(prefix="epreuve-") as folder:
        place = Path(folder)
        path = place / "echantillon.zip"
        path.write_bytes(sample)
        found = link(profil.nom, profil, inventory([path], place))
        if not found.complet:
            raise ProfilRefuse(*found.ecarts)
        vers = place / "dossier.zip"
        convert(request(profil, found.attribution, slug, "essai", vers, place / "provenance"), place)
        return {
            t: [{k: v for k, v in row.items() if v} for row in rows] for t, rows in read_tables(vers).items()
        }


def replay(texte: str, sample: bytes, expected: dict[str, Any]) -> list[str]:
    """What differs between the rows kept and those of today; nothing when the test passes."""
    try:
        profil = build_profile(parse_yaml(texte, "profil.yaml"), "profil.yaml")
        found = convert_sample(profil, sample)
    except ProfilRefuse as refus:
        return [c.message for c in refus.constats] or [_("L'échantillon n'est plus reconnu par le profil.")]
    differences = []
    for table in sorted({*found, *expected}):
        here, wanted = found.get(table, []), expected.get(table, [])
        if here != wanted:
            changed = sum(1 for a, b in zip(here, wanted, strict=False) if a != b)
            message = _("Table {table} : {n} lignes au lieu de {m}, {c} différentes.")
            differences.append(message.format(table=table, n=len(here), m=len(wanted), c=changed))
    return differences
