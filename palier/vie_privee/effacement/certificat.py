"""The certificate of an erasure: facts in canonical JSON, signed by the installation; the same as a PDF."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from palier.agences.models import CertificatEffacement
from palier.core.dates import date_simple
from palier.vie_privee.impression import sections_pdf
from palier.vie_privee.rules.textes import Section

FORMAT = "palier-certificat-effacement"


def signing_key() -> Ed25519PrivateKey:
    """Return the installation's key: PALIER_CERTIFICAT_KEY, or one derived from the vault's."""
    given = bytes.fromhex(settings.CERTIFICAT_KEY) if settings.CERTIFICAT_KEY else b""
    seed = (
        given
        or hmac.new(bytes.fromhex(settings.VAULT_KEY), b"palier certificat Ed25519", hashlib.sha256).digest()
    )
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key() -> str:
    """Return the public key, in base64: what anybody verifies with."""
    raw = signing_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def agence_digest(slug: str, nom: str) -> str:
    """Return the digest by which a certificate names an agence: who knows the name can check it, nobody learns it."""
    return hashlib.sha256(f"{slug}\n{nom}".encode()).hexdigest()


def key_digest(data: bytes) -> str:
    """Return the fingerprint of a data key."""
    return hashlib.sha256(b"palier-cle|" + data).hexdigest()


def canonical(facts: dict[str, Any]) -> str:
    """Return the one way of writing ``facts``."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def sign(contenu: str) -> str:
    """Return the signature of a certificate's JSON, in base64."""
    return base64.b64encode(signing_key().sign(contenu.encode())).decode()


def envelope(row: CertificatEffacement) -> bytes:
    """Return the JSON file handed over: the signed text as it is, its signature, the key to verify with."""
    whole = {"certificat": row.contenu, "signature": row.signature, "cle_publique": public_key()}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file is worth; ``faits`` when it is good."""

    bon: bool
    raison: str
    faits: dict[str, Any] | None = None


def verify(content: bytes, cle: str = "") -> Verdict:
    """Judge a certificate, JSON or PDF, with this installation's public key or the one given (base64)."""
    if content.startswith(b"%PDF"):
        return _verify_pdf(content)
    try:
        whole = json.loads(content)
        contenu, signature = (
            str(whole["certificat"]),
            base64.b64decode(str(whole["signature"]), validate=True),
        )
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(cle or public_key(), validate=True))
        key.verify(signature, contenu.encode())
        faits = json.loads(contenu)
    except (ValueError, KeyError, TypeError):
        return Verdict(False, "illisible")
    except InvalidSignature:
        return Verdict(False, "signature")
    return Verdict(True, "", faits) if faits.get("format") == FORMAT else Verdict(False, "format")


def _verify_pdf(content: bytes) -> Verdict:
    """A PDF is good when it is, byte for byte, one that this installation made, and its facts are signed."""
    row = CertificatEffacement.objects.filter(pdf_sha256=hashlib.sha256(content).hexdigest()).first()
    return verify(envelope(row)) if row is not None else Verdict(False, "pdf_inconnu")


def draw(numero: UUID, faits: dict[str, Any], signature: str) -> bytes:
    """Return the certificate as a PDF, in French."""
    tables = [f"{nom} : {n['avant']} avant, {n['apres']} après" for nom, n in faits["tables"].items()]
    fichiers, journal = faits["fichiers"], faits["journal"]
    sections = [
        Section("Ce qui est certifié", [
            f"Toutes les données de l’agence {faits['agence']['id']} ont été effacées de cette installation le "
            f"{faits['fait_le']} (UTC), après la fin de son contrat le {date_simple_iso(faits['contrat']['fin'])}.",
            "Sa clé de chiffrement est détruite : les sauvegardes déjà faites ne livrent plus ses lignes ni ses fichiers.",
        ]),
        Section("L’agence", [[
            f"Identifiant : {faits['agence']['id']}",
            f"Empreinte SHA-256 de « adresse courte, saut de ligne, nom » : {faits['agence']['empreinte']}",
        ]]),
        Section("La clé détruite", [[f"Empreinte : {faits['cle']['empreinte']}", f"Détruite le : {faits['cle']['detruite_le']}"]]),
        Section("Les lignes, table par table", [tables]),
        Section("Les fichiers", [f"{fichiers['avant']} fichiers ({fichiers['octets']} octets) avant, {fichiers['apres']} après."]),
        Section("Les comptes", [f"{faits['comptes']} comptes restés sans accès étaient à supprimer."]),
        Section("Le journal de l’agence", [f"Dernière ligne : n° {journal['sequence']}, empreinte {journal['empreinte'] or 'aucune'}."]),
        Section("Vérifier", [
            f"Sur {faits['installation']}/certificats, ou par la commande « certificat verifier ».",
            f"Signature Ed25519 : {signature}", f"Clé publique : {public_key()}",
        ]),
    ]  # fmt: skip
    return sections_pdf(
        "Certificat d’effacement", f"N° {numero}", sections, langue="fr", pied="Palier · certificat d’effacement",
        preuve=f"Empreinte SHA-256 du texte signé : {hashlib.sha256(canonical(faits).encode()).hexdigest()}",
    )  # fmt: skip


def date_simple_iso(text: str) -> str:
    """Return an ISO date in full."""
    from datetime import date

    return date_simple(date.fromisoformat(text))
