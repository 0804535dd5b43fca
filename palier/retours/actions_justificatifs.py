"""Proofs: sent by a tenant, replaced, deleted while they have not left; each file under a key of its own."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from palier.agences.cles import agence_key
from palier.agences.enums import FonctionPortail
from palier.agences.queries import is_closed
from palier.core import journal, vault
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.vault import AgenceKey
from palier.retours.actions_coordonnees import own_acces
from palier.retours.enums import OUVERTS, EtatRetour, GenreJustificatif
from palier.retours.models import Justificatif
from palier.retours.queries import current_lease, is_tenant
from palier.retours.rules.justificatifs import MAX_OCTETS, est_entier, nature, nom_sur, periode_valable


@dataclass(frozen=True, slots=True)
class Depot:
    """A proof as it was sent."""

    nom: str
    contenu: bytes
    du: date
    au: date


def proof_key(key: AgenceKey, justificatif_id: str) -> AgenceKey:
    """Return the key of one proof, derived from its agence's: nothing else shares its bytes, so it can be erased."""
    data = hmac.new(key.data, b"justificatif|" + justificatif_id.encode(), hashlib.sha256).digest()
    return AgenceKey(key.agence_id, data, key.salt)


def judge(depot: Depot, jour: date) -> tuple[str, str]:
    """Return (mime, extension) of a good proof. Raises ``BusinessError`` with what to do."""
    if not depot.contenu:
        raise BusinessError("fichier_vide", _("Ce fichier est vide : choisissez-en un autre."))
    if len(depot.contenu) > MAX_OCTETS:
        raise BusinessError(
            "fichier_lourd", _("Ce fichier dépasse 10 Mo : envoyez une photo moins lourde ou un PDF.")
        )
    found = nature(depot.contenu[:16])
    if found is None:
        raise BusinessError("fichier_nature", _("Ce fichier n’est ni un PDF, ni une photo JPEG ou PNG."))
    if not est_entier(depot.contenu, found[0]):
        raise BusinessError(
            "fichier_coupe", _("Ce fichier est incomplet : enregistrez-le de nouveau, puis renvoyez-le.")
        )
    message = {
        "inversee": _("La fin de la période est avant son début : vérifiez les deux dates."),
        "passee": _("Cette attestation n’est plus valable : envoyez celle de la période en cours."),
        "longue": _("Cette période dépasse trois ans : vérifiez les deux dates."),
    }.get(periode_valable(depot.du, depot.au, jour))
    if message:
        raise BusinessError("periode", message)
    return found


@action(Gesture.JUSTIFICATIF_SEND)
def send_proof(
    actor: Actor, acces_id: UUID, compte_id: UUID, depot: Depot, remplace: UUID | None = None
) -> Justificatif:
    """Keep an insurance certificate for the lease that runs; ``remplace``: the one it takes the place of.

    The same file sent twice is one proof. Raises ``Invisible`` or ``BusinessError``.
    """
    mime, extension = judge(depot, actor.today)
    acces = own_acces(actor, acces_id)
    if is_closed(actor, acces.agence_id, FonctionPortail.JUSTIFICATIFS):
        raise BusinessError(
            "justificatifs_fermes",
            _("Votre agence ne prend pas d’attestation ici : envoyez-la-lui comme d’habitude."),
            status=403,
        )
    lease = (
        current_lease(actor, acces.agence_id, compte_id) if is_tenant(actor, acces.id, compte_id) else None
    )
    if lease is None:
        raise BusinessError(
            "bail_termine", _("Aucun bail n’est en cours ici : il n’y a plus d’attestation à envoyer.")
        )
    sha256 = hashlib.sha256(depot.contenu).hexdigest()
    mine = Justificatif.objects.visible_to(actor).filter(
        agence_id=acces.agence_id, acces_id=acces.id, compte_client_id=compte_id
    )
    same: Justificatif | None = mine.filter(sha256=sha256, du=depot.du, au=depot.au, etat__in=OUVERTS).first()
    if same is not None:
        return same
    old = mine.select_for_update().filter(id=remplace, etat__in=OUVERTS).first() if remplace else None
    if remplace and old is None:
        raise BusinessError(
            "deja_remplace", _("L’attestation à remplacer n’est plus là : rechargez la page."), status=409
        )
    key, row_id = agence_key(actor, acces.agence_id), new_id()
    _digest, adresse, octets = vault.store(proof_key(key, str(row_id)), depot.contenu)
    row: Justificatif = Justificatif.objects.create(
        agence_id=acces.agence_id, id=row_id, acces_id=acces.id, account_id=actor.account_id, cree_le=now(),
        genre=GenreJustificatif.ASSURANCE, compte_client_id=compte_id, bail_id=lease[0], du=depot.du, au=depot.au,
        nom_fichier=nom_sur(depot.nom, extension), mime=mime, octets=octets, sha256=sha256, adresse=adresse,
        remplace_id=old.id if old is not None else None,
    )  # fmt: skip
    if old is not None:
        _replace(key, old)
    _record(actor, row, "depot")
    return row


def _replace(key: AgenceKey, old: Justificatif) -> None:
    """A replaced proof that has not left goes away with its file; one that left is only said to be replaced."""
    if old.etat == EtatRetour.DEMANDE:
        old.etat, old.annule_le = EtatRetour.ANNULE, now()
        _erase_later(key, old)
    else:
        old.etat = EtatRetour.REMPLACE
    old.save(update_fields=["etat", "annule_le"])


def _erase_later(key: AgenceKey, row: Justificatif) -> None:
    own, adresse = proof_key(key, str(row.id)), row.adresse
    transaction.on_commit(lambda: vault.erase(own, adresse))


def _record(actor: Actor, row: Justificatif, acte: str) -> None:
    journal.record(
        actor, Gesture.JUSTIFICATIF_SEND, f"justificatif:{row.id}",
        agence_id=row.agence_id, acces_id=row.acces_id, acte=acte,
    )  # fmt: skip


@action(Gesture.JUSTIFICATIF_SEND)
def delete_proof(actor: Actor, acces_id: UUID, compte_id: UUID, justificatif_id: UUID) -> None:
    """Delete a proof that has not left, with its file. Raises ``Invisible``; ``BusinessError`` once it left."""
    acces = own_acces(actor, acces_id)
    rows = Justificatif.objects.visible_to(actor).filter(
        agence_id=acces.agence_id, acces_id=acces.id, compte_client_id=compte_id, id=justificatif_id
    )
    row: Justificatif | None = rows.exclude(etat=EtatRetour.ANNULE).first()
    if row is None:
        raise Invisible
    if not rows.filter(etat=EtatRetour.DEMANDE).update(etat=EtatRetour.ANNULE, annule_le=now()):
        raise BusinessError(
            "deja_transmis",
            _("Cette attestation est déjà transmise à l’agence : envoyez-en une autre pour la remplacer."),
            status=409,
        )
    _erase_later(agence_key(actor, acces.agence_id), row)
    _record(actor, row, "suppression")


@action(Gesture.JUSTIFICATIF_READ)
def open_proof(actor: Actor, justificatif_id: UUID) -> Justificatif:
    """Return a proof that the actor may read, its opening in the journal. Raises ``Invisible``."""
    row: Justificatif | None = (
        Justificatif.objects.visible_to(actor)
        .filter(id=justificatif_id)
        .exclude(etat=EtatRetour.ANNULE)
        .first()
    )
    if row is None:
        raise Invisible
    journal.record(
        actor, Gesture.JUSTIFICATIF_READ, f"justificatif:{row.id}",
        agence_id=row.agence_id, acces_id=row.acces_id, octets=row.octets,
    )  # fmt: skip
    return row
