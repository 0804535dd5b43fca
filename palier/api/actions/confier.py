"""Hands a sending over to the imports: assembled, encrypted again by the one door, queued. Safe to run twice."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from palier.agences.cles import agence_key
from palier.api.actions.envois import forget_content
from palier.api.assemblage import assemble
from palier.api.enums import EtatEnvoi
from palier.api.models import CleApi, EnvoiApi, Morceau
from palier.api.queries import REPRENABLES, VIFS, find_envoi
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action, writing
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.tenancy import acting_as
from palier.core.vault import DamagedFile
from palier.echanges.actions import receive_import
from palier.echanges.enums import EtatImport, Voie
from palier.echanges.models import Import


def entrust(actor: Actor, envoi_id: UUID) -> None:
    """Assemble a sending that asked for a run, and give it to the imports."""
    with acting_as(actor):
        envoi = find_envoi(actor, envoi_id)
        if envoi is None or envoi.etat != EtatEnvoi.PREPARATION:
            return
        rows = Morceau.objects.visible_to(actor).filter(agence_id=actor.agence_id, envoi_id=envoi.id)
        parts = list(rows.order_by("table_nom", "rang"))
        key = agence_key(actor, actor.agence_id)
        cle = CleApi.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=envoi.cle_id).first()
    folder = Path(settings.DATA_DIR) / "travail" / f"envoi-{envoi.id}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        path = folder / "dossier.zip"
        try:
            assemble(key, envoi, parts, path)
        except DamagedFile:
            with acting_as(actor):
                refuse(actor, envoi_id)
            return
        sender = Actor.system(actor.agence_id, f"clé d’API {cle.prefixe}" if cle else "clé d’API")
        with acting_as(sender):
            hand_over(sender, envoi_id, path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@action(Gesture.IMPORT_RUN)
def hand_over(actor: Actor, envoi_id: UUID, path: Path) -> None:
    """Make the import of an assembled dossier; the sending follows it from now on."""
    envoi = find_envoi(actor, envoi_id, lock=True)
    if envoi is None or envoi.etat != EtatEnvoi.PREPARATION:
        return
    with path.open("rb") as content:
        row = receive_import(
            actor,
            content,
            envoi.nom_fichier,
            check_only=envoi.controle_seul,
            voie=Voie.API,
            source_id=envoi.source_id,
        )
    envoi.etat, envoi.import_id = EtatEnvoi.CONFIE, row.id
    envoi.save(update_fields=["etat", "import_id"])


@action(Gesture.IMPORT_RUN)
def refuse(actor: Actor, envoi_id: UUID) -> None:
    """Open again a sending whose kept copy does not read, with what to do."""
    envoi = find_envoi(actor, envoi_id, lock=True)
    if envoi is None or envoi.etat != EtatEnvoi.PREPARATION:
        return
    envoi.etat = EtatEnvoi.CONSTRUCTION
    envoi.message = _("La copie gardée par le portail ne se lit pas : envoyez de nouveau ce contenu.")
    envoi.save(update_fields=["etat", "message"])
    journal.record(
        actor, Gesture.IMPORT_RUN, f"envoi:{envoi.id}", agence_id=actor.agence_id, acte="copie_illisible"
    )


def forget_ended(actor: Actor, run: Import) -> None:
    """Erase what a sending kept once its import has ended for good. In the actor's transaction."""
    if run.etat in {*REPRENABLES, *VIFS, EtatImport.A_CONFIRMER}:
        return
    rows = EnvoiApi.objects.visible_to(actor).filter(agence_id=actor.agence_id, import_id=run.id)
    with writing("forget_ended"):
        for envoi in rows.order_by("id"):
            forget_content(actor, envoi)


@action(Gesture.IMPORT_RUN)
def expire(actor: Actor) -> int:
    """Close the sendings that nobody applied in time, erase what they kept; return how many."""
    rows = EnvoiApi.objects.visible_to(actor).select_for_update().filter(
        agence_id=actor.agence_id,
        expire_le__lt=now(),
        etat__in=[EtatEnvoi.CONSTRUCTION, EtatEnvoi.CONFIE],
    )  # fmt: skip
    count = 0
    for envoi in rows.order_by("id"):
        run = None
        if envoi.etat == EtatEnvoi.CONFIE:
            runs = Import.objects.visible_to(actor).filter(agence_id=actor.agence_id, id=envoi.import_id)
            run = runs.first()
            if run is None or run.etat not in REPRENABLES:
                if run is not None and run.etat not in {*VIFS, EtatImport.A_CONFIRMER}:
                    forget_content(actor, envoi)
                continue
        envoi.etat = EtatEnvoi.EXPIRE
        envoi.save(update_fields=["etat"])
        forget_content(actor, envoi)
        count += 1
    if count:
        journal.record(
            actor,
            Gesture.IMPORT_RUN,
            "envoi:expire",
            agence_id=actor.agence_id,
            acte="expiration",
            nombre=count,
        )
    return count
