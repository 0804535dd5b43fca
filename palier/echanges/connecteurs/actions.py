"""Writes of the connectors: a draft, its files, the calibrations made of it, and their sharing."""

import re
from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext as _

from palier.agences.cles import agence_key
from palier.agences.models import Agence
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import BusinessError, Invisible
from palier.core.ids import new_id
from palier.core.vault import AgenceKey
from palier.echanges.profils.constats import Constat

from .chantier import forget, keep, opened, recall
from .depot import receive
from .echantillon import make_sample
from .epreuve import convert_sample, replay
from .fabrication import build, build_text
from .glossaire import key as plain
from .modele import connecteurs
from .models import Calibrage, ProfilCalibre, StatutProfil
from .partage import Paquet
from .plan import Fichier, Plan, dump, load

BROUILLONS_MAX = 20


def draft(
    actor: Actor, calibrage_id: UUID, *, lock: bool = False, key: AgenceKey | None = None
) -> tuple[Calibrage, Plan]:
    """A draft of the agence and its choices. Raises Invisible. ``key``: the agence's, when it was read already."""
    rows = Calibrage.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=calibrage_id)
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise Invisible
    return row, load(recall(key or agence_key(actor, actor.agence_id), row.plan, row.plan_octets))


def calibration(actor: Actor, profil_id: UUID) -> ProfilCalibre:
    """A calibration of the agence, in use or retired. Raises Invisible."""
    rows = ProfilCalibre.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=profil_id)
    row: ProfilCalibre | None = rows.first()
    if row is None:
        raise Invisible
    return row


def _keep_plan(actor: Actor, row: Calibrage, plan: Plan) -> None:
    """Replace the encrypted choices of a draft; the previous ones are erased once that is committed."""
    from django.db import transaction

    key, before = agence_key(actor, actor.agence_id), row.plan
    row.plan, row.plan_octets = keep(key, dump(plan))
    row.depots = [[e["adresse"], e["octets"]] for e in plan.envois]
    row.modifie_le = now()
    transaction.on_commit(lambda: forget(key, before))


@action(Gesture.CONNECTEUR_CALIBRATE)
def start_calibration(actor: Actor, connecteur: str, nom: str) -> Calibrage:
    """Begin a draft for a connector."""
    if connecteur not in connecteurs():
        raise Invisible
    shown = "".join(c for c in nom if c.isprintable()).strip()[:80]
    if not shown:
        raise BusinessError("nom_absent", _("Donnez un nom à ce calibrage : gérance, syndic…"))
    held = Calibrage.objects.visible_to(actor).filter(agence_id=actor.agence_id).count()
    if held >= BROUILLONS_MAX:
        raise BusinessError(
            "brouillons", _("Vingt calibrages sont déjà en cours : terminez-en ou abandonnez-en un.")
        )
    moment = now()
    row = Calibrage(agence_id=actor.agence_id, id=new_id(), connecteur=connecteur, nom=shown, plan="", cree_le=moment,
                    modifie_le=moment, auteur=actor.account_id)  # fmt: skip
    code = "-".join(plain(shown).split())[:40] or "calibrage"
    _keep_plan(actor, row, Plan(connecteur, shown, code))
    row.save(force_insert=True)
    journal.record(actor, Gesture.CONNECTEUR_CALIBRATE, f"calibrage:{row.id}", agence_id=actor.agence_id,
                   acte="debut", connecteur=connecteur)  # fmt: skip
    return row


@action(Gesture.CONNECTEUR_CALIBRATE)
def save_plan(actor: Actor, calibrage_id: UUID, plan: Plan) -> None:
    """Keep the choices of a draft."""
    row, _before = draft(actor, calibrage_id, lock=True)
    _keep_plan(actor, row, plan)
    row.save()


@action(Gesture.CONNECTEUR_CALIBRATE)
def add_export(
    actor: Actor, calibrage_id: UUID, content: IO[bytes], nom: str, size: int
) -> tuple[list[Fichier], list[Constat]]:
    """Add a file, or the files of a zip, to a draft; return them and what was left aside."""
    row, plan = draft(actor, calibrage_id, lock=True)
    found, aside = receive(agence_key(actor, actor.agence_id), plan, content, nom, size)
    if not found:
        sent = plan.envois.pop()
        forget(agence_key(actor, actor.agence_id), sent["adresse"])
        reasons = " ".join(f"{c.fichier} : {c.message}" if c.fichier else c.message for c in aside[:3])
        raise BusinessError("export_illisible", reasons or _("Rien à lire dans ce fichier."))
    plan.essai = {}
    _keep_plan(actor, row, plan)
    row.save()
    journal.record(actor, Gesture.CONNECTEUR_CALIBRATE, f"calibrage:{row.id}", agence_id=actor.agence_id,
                   acte="fichier", octets=size)  # fmt: skip
    return found, aside


@action(Gesture.CONNECTEUR_CALIBRATE)
def remove_file(actor: Actor, calibrage_id: UUID, rang: int) -> None:
    """Take a file out of a draft; its sending is erased when nothing else of it is used."""
    row, plan = draft(actor, calibrage_id, lock=True)
    gone = plan.fichier(rang)
    if gone is None:
        raise Invisible
    plan.fichiers.remove(gone)
    plan.essai = {}
    if not any(f.envoi == gone.envoi for f in plan.fichiers):
        forget(agence_key(actor, actor.agence_id), plan.envois[gone.envoi]["adresse"])
        plan.envois.pop(gone.envoi)
        for f in plan.fichiers:
            f.envoi -= f.envoi > gone.envoi
    _keep_plan(actor, row, plan)
    row.save()


def _erase(actor: Actor, row: Calibrage) -> None:
    key = agence_key(actor, row.agence_id)
    forget(key, row.plan)
    for address, _size in row.depots:
        forget(key, address)
    row.delete()


@action(Gesture.CONNECTEUR_CALIBRATE)
def cancel_calibration(actor: Actor, calibrage_id: UUID) -> None:
    """Give a draft up: its files and its choices are erased."""
    row, _plan = draft(actor, calibrage_id, lock=True)
    _erase(actor, row)
    journal.record(
        actor,
        Gesture.CONNECTEUR_CALIBRATE,
        f"calibrage:{calibrage_id}",
        agence_id=actor.agence_id,
        acte="abandon",
    )


@action(Gesture.CONNECTEUR_CALIBRATE)
def purge_calibrations(actor: Actor, before: Any) -> int:
    """Erase the drafts that nobody touched since a moment; return how many."""
    rows = Calibrage.objects.visible_to(actor).filter(agence_id=actor.agence_id, modifie_le__lt=before)
    found = list(rows.order_by("modifie_le"))
    for row in found:
        _erase(actor, row)
    if found:
        journal.record(
            actor,
            Gesture.CONNECTEUR_CALIBRATE,
            "calibrage:purge",
            agence_id=actor.agence_id,
            nombre=len(found),
        )
    return len(found)


def _replace(actor: Actor, row: ProfilCalibre) -> ProfilCalibre:
    """Put a new version in use, and retire the one it follows."""
    same = ProfilCalibre.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, connecteur=row.connecteur, code=row.code
    )
    last = same.order_by("-version").first()
    row.version = last.version + 1 if last else 1
    row.texte = re.sub(r"^version: \d+$", f"version: {row.version}", row.texte, count=1, flags=re.MULTILINE)
    same.filter(retire_le__isnull=True).update(retire_le=now())
    row.save(force_insert=True)
    return row


@action(Gesture.CONNECTEUR_CALIBRATE)
def publish_calibration(actor: Actor, calibrage_id: UUID, *, real: bool) -> ProfilCalibre:
    """Make a calibration of a draft, with its signatures and its test; the draft and its files are then erased.

    ``real``: the person says that the files are a true export of the agence. Raises ProfilRefuse, BusinessError.
    """
    row, plan = draft(actor, calibrage_id, lock=True)
    profil = build(plan)
    with opened(agence_key(actor, actor.agence_id), plan) as chantier:
        sample = make_sample(plan, chantier)
    expected = convert_sample(profil, sample)
    moment = now()
    made = ProfilCalibre(
        agence_id=actor.agence_id, id=new_id(), connecteur=plan.connecteur, code=plan.code, nom=plan.nom, version=1,
        texte=build_text(plan), signatures={s.nom: s.entete.signature for s in profil.sources.values()},
        statut=StatutProfil.VERIFIE if real else StatutProfil.GABARIT, verifie_le=moment if real else None,
        echantillon=sample, attendu=expected, auteur=actor.account_id, cree_le=moment,
    )  # fmt: skip
    _replace(actor, made)
    _erase(actor, row)
    journal.record(actor, Gesture.CONNECTEUR_CALIBRATE, f"profil:{made.id}", agence_id=actor.agence_id, acte="enregistrement",
                   connecteur=made.connecteur, version=made.version, statut=str(made.statut))  # fmt: skip
    return made


@action(Gesture.CONNECTEUR_CALIBRATE)
def take_package(actor: Actor, paquet: Paquet, origine: str = "") -> ProfilCalibre:
    """Put another agence's calibration here, as a template until a real export of this agence verifies it."""
    code = "-".join(plain(paquet.nom).split())[:40] or "profil"
    made = ProfilCalibre(
        agence_id=actor.agence_id, id=new_id(), connecteur=paquet.connecteur, code=code, nom=paquet.nom, version=1,
        texte=paquet.texte, signatures=paquet.signatures, statut=StatutProfil.GABARIT, echantillon=paquet.echantillon,
        attendu=paquet.attendu, origine=origine[:120], auteur=actor.account_id, cree_le=now(),
    )  # fmt: skip
    live = ProfilCalibre.objects.visible_to(actor).filter(
        agence_id=actor.agence_id, connecteur=made.connecteur, retire_le__isnull=True
    )
    if live.filter(code=code).exists():
        made.code = f"{code[:31]}-{str(made.id)[-8:]}"
    _replace(actor, made)
    journal.record(actor, Gesture.CONNECTEUR_CALIBRATE, f"profil:{made.id}", agence_id=actor.agence_id, acte="reprise",
                   connecteur=made.connecteur)  # fmt: skip
    return made


@action(Gesture.CONNECTEUR_CALIBRATE)
def adopt_shared(actor: Actor, profil_id: UUID) -> ProfilCalibre:
    """Take a calibration that another agence of the portal shares. Raises Invisible."""
    rows = ProfilCalibre.objects.visible_to(actor).filter(id=profil_id, partage=True, retire_le__isnull=True)
    row = rows.exclude(agence_id=actor.agence_id).first()
    if row is None:
        raise Invisible
    origin = Agence.objects.filter(id=row.agence_id).first()
    paquet = Paquet(row.connecteur, row.nom, row.texte, bytes(row.echantillon), row.attendu, row.signatures)
    return take_package(actor, paquet, origin.nom if origin else "")


@action(Gesture.CONNECTEUR_CALIBRATE)
def verify_calibration(actor: Actor, profil_id: UUID) -> ProfilCalibre:
    """Record that a real export of this agence went through a dry import with this calibration."""
    row = calibration(actor, profil_id)
    row.statut, row.verifie_le = StatutProfil.VERIFIE, now()
    row.save(update_fields=["statut", "verifie_le"])
    journal.record(
        actor,
        Gesture.CONNECTEUR_CALIBRATE,
        f"profil:{row.id}",
        agence_id=actor.agence_id,
        acte="verification",
    )
    return row


@action(Gesture.CONNECTEUR_CALIBRATE)
def retire_calibration(actor: Actor, profil_id: UUID) -> ProfilCalibre:
    """Put a calibration out of use: it converts nothing any more."""
    row = calibration(actor, profil_id)
    row.retire_le, row.partage = row.retire_le or now(), False
    row.save(update_fields=["retire_le", "partage"])
    journal.record(
        actor, Gesture.CONNECTEUR_CALIBRATE, f"profil:{row.id}", agence_id=actor.agence_id, acte="retrait"
    )
    return row


@action(Gesture.CONNECTEUR_CALIBRATE)
def share_calibration(actor: Actor, profil_id: UUID, *, shared: bool) -> ProfilCalibre:
    """Offer a verified calibration to the other agences of the portal, or stop."""
    row = calibration(actor, profil_id)
    if shared and (row.retire_le is not None or row.statut != StatutProfil.VERIFIE):
        raise BusinessError(
            "partage", _("Seul un profil en service, vérifié sur un export réel, se partage."), status=409
        )
    row.partage = shared
    row.save(update_fields=["partage"])
    journal.record(actor, Gesture.CONNECTEUR_CALIBRATE, f"profil:{row.id}", agence_id=actor.agence_id,
                   acte="partage" if shared else "fin de partage")  # fmt: skip
    return row


def test_calibration(row: ProfilCalibre) -> list[str]:
    """Run the test of a calibration again; return what differs."""
    return replay(row.texte, bytes(row.echantillon), row.attendu)
