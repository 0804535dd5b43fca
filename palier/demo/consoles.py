"""The demo's staff kept to a portfolio, an agence's logo and its contact points."""

import struct
import zlib

from palier.agences.actions_habilitations import add_unit
from palier.agences.actions_identite import save_point, set_logo, set_sender
from palier.agences.models import Agence, Habilitation, PointContact
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.demo.accounts import REASON
from palier.patrimoine.models import Copropriete

AGENCE = "les-tilleuls"
RESTREINT = "Jonas Ferrand"  # people.EQUIPE: a gestionnaire of one copropriété


def seed() -> None:
    """Write them once."""
    agence = Agence.objects.get(slug=AGENCE)
    with acting_as(Actor.system(agence.id, REASON)) as actor:
        held = Habilitation.objects.visible_to(actor).filter(agence_id=agence.id, nom=RESTREINT).first()
        first = (
            Copropriete.objects.visible_to(actor)
            .filter(archive_le__isnull=True)
            .order_by("nom", "id")
            .first()
        )
        if held is not None and held.portefeuille is None and first is not None:
            add_unit(actor, held.id, first.id)
        if not agence.logo_empreinte:
            set_logo(actor, _logo(agence.couleur))
            set_sender(actor, f"{agence.nom}, service clients")
        if not PointContact.objects.visible_to(actor).filter(agence_id=agence.id).exists():
            save_point(
                actor, None, nom="Accueil de l’agence", fonction="Standard", telephone=agence.telephone,
                email=agence.email, horaires="Du lundi au vendredi, 9 h à 12 h et 14 h à 18 h", unite_id=None,
            )  # fmt: skip
            if first is not None:
                save_point(
                    actor, None, nom=RESTREINT, fonction="Gestionnaire de votre immeuble",
                    telephone=agence.telephone, email="jonas.ferrand@les-tilleuls.example",
                    horaires="Du mardi au vendredi, 9 h à 12 h", unite_id=first.id,
                )  # fmt: skip


def _logo(couleur: str) -> bytes:
    """Return an invented sign: a roof over a door, in the agence's colour, on a clear ground (PNG)."""
    ink = bytes.fromhex(couleur.lstrip("#")) + b"\xff"
    clear = b"\xff\xff\xff\x00"
    width, height = 160, 120

    def shade(x: int, y: int) -> bytes:
        roof = 14 <= y < 56 and abs(x - 80) <= (y - 14) * 1.5
        wall = 56 <= y < 108 and 32 <= x < 128 and not (68 <= x < 92 and y >= 74)
        return ink if roof or wall else clear

    rows = b"".join(b"\0" + b"".join(shade(x, y) for x in range(width)) for y in range(height))

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
