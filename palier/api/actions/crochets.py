"""Webhooks: set by the administrator, told when an import of their source ends, tried again with patience."""

import json
import os
import secrets
import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from palier.agences.cles import agence_key
from palier.api.actions.cles import ensure_source
from palier.api.enums import EtatLivraison
from palier.api.expedition import AdresseRefusee, Resultat, judge_url, resolve, send
from palier.api.models import Crochet, EnvoiApi, Livraison
from palier.api.rules.secrets import ATTENTES, signature, webhook_secret
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action, writing
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.tenancy import acting_as
from palier.echanges.enums import EtatImport
from palier.echanges.models import Import

CROCHETS_MAX = 10
ESSAI, TERMINE, ATTEND = "essai", "import.termine", "import.a_confirmer"
NONCE = 12
GARDE = timedelta(days=30)  # of the delivery log


def _seal(actor: Actor, row_id: UUID, secret: str) -> bytes:
    nonce = os.urandom(NONCE)
    cipher = AESGCM(agence_key(actor, actor.agence_id).data)
    return nonce + cipher.encrypt(nonce, secret.encode(), row_id.bytes)


def _unseal(actor: Actor, row: Crochet) -> str:
    sealed = bytes(row.secret)
    cipher = AESGCM(agence_key(actor, actor.agence_id).data)
    return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], row.id.bytes).decode()


@action(Gesture.API_MANAGE)
def create_crochet(actor: Actor, *, url: str, logiciel: str, base: str) -> tuple[Crochet, str]:
    """Set a webhook for a source; return it and its signing secret, shown once. Raises BusinessError."""
    present = Crochet.objects.visible_to(actor).filter(agence_id=actor.agence_id, retire_le__isnull=True)
    if present.count() >= CROCHETS_MAX:
        raise BusinessError("trop_de_crochets", _("Votre agence a déjà 10 webhooks : retirez-en un."))
    try:
        host, port, _path, _tls = judge_url(url)
        resolve(host, port)
    except AdresseRefusee as refus:
        raise BusinessError("adresse_refusee", str(refus)) from refus
    number, secret = new_id(), webhook_secret(secrets.token_bytes(32))
    row: Crochet = Crochet.objects.create(
        agence_id=actor.agence_id,
        id=number,
        source_id=ensure_source(actor, logiciel, base),
        url=url,
        secret=_seal(actor, number, secret),
        cree_le=now(),
        cree_par=actor.account_id,
    )
    journal.record(
        actor, Gesture.API_MANAGE, f"crochet:{number}", agence_id=actor.agence_id, acte="ajout", hote=host
    )
    return row, secret


def _crochet(actor: Actor, crochet_id: UUID) -> Crochet:
    row: Crochet | None = (
        Crochet.objects.visible_to(actor)
        .filter(agence_id=actor.agence_id, id=crochet_id, retire_le__isnull=True)
        .first()
    )
    if row is None:
        raise Invisible
    return row


@action(Gesture.API_MANAGE)
def remove_crochet(actor: Actor, crochet_id: UUID) -> Crochet:
    """Stop telling a webhook anything, deliveries that wait included."""
    row = _crochet(actor, crochet_id)
    row.retire_le = now()
    row.save(update_fields=["retire_le"])
    journal.record(actor, Gesture.API_MANAGE, f"crochet:{row.id}", agence_id=actor.agence_id, acte="retrait")
    return row


@action(Gesture.API_MANAGE)
def try_crochet(actor: Actor, crochet_id: UUID) -> Livraison:
    """Tell a webhook an event that says it is a trial."""
    row = _write(actor, _crochet(actor, crochet_id), ESSAI, None, {"message": "Palier"})
    journal.record(
        actor, Gesture.API_MANAGE, f"crochet:{crochet_id}", agence_id=actor.agence_id, acte="essai"
    )
    return row


@action(Gesture.API_MANAGE)
def resend(actor: Actor, livraison_id: UUID) -> Livraison:
    """Queue a delivery again, from its first try: the same event under the same number."""
    row: Livraison | None = (
        Livraison.objects.visible_to(actor)
        .select_for_update()
        .filter(agence_id=actor.agence_id, id=livraison_id)
        .first()
    )
    if row is None:
        raise Invisible
    _crochet(actor, row.crochet_id)
    row.etat, row.essais, row.erreur = EtatLivraison.EN_ATTENTE, 0, ""
    row.save(update_fields=["etat", "essais", "erreur"])
    _queue(actor, row, 0)
    journal.record(actor, Gesture.API_MANAGE, f"livraison:{row.id}", agence_id=actor.agence_id, acte="renvoi")
    return row


def _write(
    actor: Actor, crochet: Crochet, genre: str, import_id: UUID | None, data: dict[str, Any]
) -> Livraison:
    row: Livraison = Livraison.objects.create(
        agence_id=actor.agence_id,
        id=new_id(),
        crochet_id=crochet.id,
        genre=genre,
        import_id=import_id,
        charge={"type": genre, "timestamp": now().isoformat(), "data": data},
        creee_le=now(),
    )
    _queue(actor, row, 0)
    return row


def _queue(actor: Actor, row: Livraison, seconds: int) -> None:
    app.configure_task("api.livrer", queue="courrier", schedule_in={"seconds": seconds}).defer(
        agence_id=str(actor.agence_id), livraison_id=str(row.id)
    )


@action(Gesture.IMPORT_RUN)
def announce(actor: Actor, import_id: UUID) -> None:
    """Tell the webhooks of its source that an import has ended or waits; forget what a sending kept. Safe to repeat."""
    from palier.api.actions.confier import forget_ended

    run = Import.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=import_id).first()
    if run is None or run.etat in {EtatImport.RECU, EtatImport.EN_COURS}:
        return
    forget_ended(actor, run)
    genre = ATTEND if run.etat == EtatImport.A_CONFIRMER else TERMINE
    told = Livraison.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, import_id=run.id, genre=genre, charge__data__etat=run.etat
    )
    done = set(told.values_list("crochet_id", flat=True))
    envoi = EnvoiApi.objects.visible_to(actor).filter(agence_id=actor.agence_id, import_id=run.id).first()
    rows = Crochet.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, source_id=run.source_id, retire_le__isnull=True
    )
    for crochet in rows.order_by("id"):
        if crochet.id not in done:
            _write(actor, crochet, genre, run.id, _facts(run, envoi))


def _facts(run: Import, envoi: EnvoiApi | None) -> dict[str, Any]:
    """Identifiers, state and counts: nothing of anybody."""
    number = str(envoi.id if envoi else run.id)
    counts = ("en_ligne", "a_corriger", "ajoutes", "modifies", "inchanges", "archives")
    return {
        "id": number,
        "etat": run.etat,
        "arrete_au": run.arrete_au.isoformat() if run.arrete_au else None,
        "compte": {name: (run.bilan or {}).get(name, 0) for name in counts},
        "rapport": f"/api/v1/imports/{number}/rapport",
    }


def deliver(actor: Actor, livraison_id: UUID) -> None:
    """Try a delivery once, outside any transaction; note what came of it, and queue the next try."""
    with acting_as(actor):
        row: Livraison | None = (
            Livraison.objects.visible_to(actor)
            .select_related("crochet")
            .filter(agence_id=actor.agence_id, id=livraison_id, etat=EtatLivraison.EN_ATTENTE)
            .first()
        )
        if row is None:
            return
        crochet = row.crochet
        secret = _unseal(actor, crochet)
    gone = Resultat(None, _("Ce webhook a été retiré."))
    result = gone if crochet.retire_le is not None else send(crochet.url, *_signed(row, secret))
    with acting_as(actor):
        _note(actor, row, result, last=crochet.retire_le is not None)


def _signed(row: Livraison, secret: str) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(row.charge, ensure_ascii=False, separators=(",", ":")).encode()
    moment = int(time.time())
    return body, {
        "webhook-id": str(row.id),
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secret, str(row.id), moment, body),
        "User-Agent": "Palier",
    }


def _note(actor: Actor, row: Livraison, result: Resultat, *, last: bool) -> None:
    row.essais += 1
    row.essayee_le, row.statut_http, row.erreur = now(), result.statut, result.erreur
    row.prochain_le = None
    if result.ok:
        row.etat = EtatLivraison.LIVREE
    elif last or row.essais > len(ATTENTES) or result.statut == 410:
        row.etat = EtatLivraison.ECHOUEE
    else:
        wait = ATTENTES[row.essais - 1]
        row.prochain_le = now() + timedelta(seconds=wait)
        _queue(actor, row, wait)
    with writing("deliver"):
        row.save(update_fields=["essais", "essayee_le", "statut_http", "erreur", "prochain_le", "etat"])
        old = Livraison.objects.visible_to(actor).filter(
            agence_id=actor.agence_id, creee_le__lt=now() - GARDE
        )
        old.exclude(etat=EtatLivraison.EN_ATTENTE).delete()
