"""Files of requests: proofs of identity and answers, each request under a key of its own."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from palier.agences.cles import agence_key
from palier.core import vault
from palier.core.actor import Actor
from palier.core.errors import BusinessError
from palier.core.vault import AgenceKey, unwrap_key
from palier.vie_privee.models import DemandeAgence, DemandeCompte
from palier.vie_privee.rules.droits import PIECE_OCTETS

Demande = DemandeAgence | DemandeCompte

_SIGNATURES = (
    (b"%PDF-", "application/pdf", ".pdf"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"PK\x03\x04", "application/zip", ".zip"),
)


@dataclass(frozen=True, slots=True)
class Envoye:
    """A file as it was sent."""

    nom: str
    contenu: bytes


def demande_key(actor: Actor, row: Demande) -> AgenceKey:
    """Return the key of a request's files; an agence's dies with the agence's own."""
    if isinstance(row, DemandeCompte):
        return unwrap_key(row.id, bytes(row.cle), bytes(row.sel))
    key = agence_key(actor, row.agence_id)
    data = hmac.new(key.data, b"demande|" + str(row.id).encode(), hashlib.sha256).digest()
    return AgenceKey(key.agence_id, data, key.salt)


def keep(actor: Actor, row: Demande, envoye: Envoye, *, images_only: bool = False) -> dict[str, Any]:
    """Keep a file in the vault; return what the row remembers of it. Raises BusinessError for a bad one."""
    if not envoye.contenu:
        raise BusinessError("fichier_vide", _("Ce fichier est vide : choisissez-en un autre."))
    if len(envoye.contenu) > PIECE_OCTETS:
        raise BusinessError("fichier_lourd", _("Ce fichier dépasse 10 Mo : envoyez-en un moins lourd."))
    found = next((s for s in _SIGNATURES if envoye.contenu.startswith(s[0])), None)
    if found is None or (images_only and found[1] == "application/zip"):
        raise BusinessError("fichier_nature", _("Ce fichier n’est ni un PDF, ni une photo JPEG ou PNG."))
    sha256, adresse, octets = vault.store(demande_key(actor, row), envoye.contenu)
    base = envoye.nom.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
    clean = "".join(c if c.isalnum() or c in " -_" else " " for c in base).strip()[:60] or "fichier"
    return {"id": uuid4().hex, "nom": clean + found[2], "mime": found[1], "octets": octets, "sha256": sha256,
            "adresse": adresse}  # fmt: skip


def erase_later(actor: Actor, row: Demande, kept: dict[str, Any]) -> None:
    """Erase a kept file once the transaction is committed."""
    if kept:
        key, adresse = demande_key(actor, row), str(kept["adresse"])
        transaction.on_commit(lambda: vault.erase(key, adresse))
