"""Sendings: opened, filled by parts, asked to run, given up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from palier.agences.cles import agence_key
from palier.api.enums import EtatEnvoi, GenreEnvoi
from palier.api.identite import Machine
from palier.api.models import EnvoiApi, Morceau
from palier.api.problemes import Probleme
from palier.api.queries import VIFS, find_envoi, is_open, run_of
from palier.core import journal
from palier.core.access import Gesture, require
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import now
from palier.core.errors import Invisible
from palier.core.ids import new_id
from palier.core.tenancy import serving
from palier.core.vault import erase
from palier.echanges.actions import abandon_import
from palier.echanges.enums import EtatImport
from palier.echanges.historique.annulation import cancel_import

DUREE = timedelta(hours=48)
#: Sendings being built at once for one source.
OUVERTS = 20
PARTIES = 10_000


@dataclass(frozen=True)
class Partie:
    """A part already sealed in the vault."""

    table: str
    rang: int
    format: str
    entete: str
    lignes: int
    sha256: str
    octets: int
    depot: str


@action(Gesture.IMPORT_RUN)
def open_envoi(
    actor: Actor,
    machine: Machine,
    *,
    genre: GenreEnvoi,
    nom: str,
    manifeste: dict[str, Any],
    depot: str = "",
    octets: int = 0,
) -> EnvoiApi:
    """Write a sending just received; return it. Raises Probleme 409 when too many are being built."""
    rows = EnvoiApi.objects.visible_to(actor).filter(agence_id=actor.agence_id, etat=EtatEnvoi.CONSTRUCTION)
    if rows.count() >= OUVERTS:
        raise Probleme(
            409,
            "trop_d_imports_ouverts",
            _("%(nombre)d imports sont déjà en construction : appliquez-les ou annulez-les.")
            % {"nombre": OUVERTS},
        )
    shown = "".join(c for c in nom if c.isprintable())[-200:] or "dossier.zip"
    row: EnvoiApi = EnvoiApi.objects.create(
        agence_id=actor.agence_id,
        id=new_id(),
        source_id=actor.source_id,
        cle_id=machine.cle_id,
        genre=genre,
        nom_fichier=shown,
        manifeste=manifeste,
        depot=depot,
        octets=octets,
        recu_le=now(),
        expire_le=now() + DUREE,
    )
    journal.record(
        actor, Gesture.IMPORT_RUN, f"envoi:{row.id}", agence_id=actor.agence_id, acte="depot", octets=octets
    )
    return row


def open_for_parts(actor: Actor, envoi_id: UUID, *, lock: bool = False) -> EnvoiApi:
    """Return a sending that takes parts. Raises Invisible, or Probleme 409."""
    envoi = find_envoi(actor, envoi_id, lock=lock)
    if envoi is None:
        raise Invisible
    if envoi.genre != GenreEnvoi.TABLES:
        raise Probleme(
            409, "import_par_zip", _("Cet import vient d’un fichier entier : il ne reçoit pas de tables.")
        )
    if not is_open(envoi, run_of(actor, envoi)):
        raise closed()
    return envoi


def closed() -> Probleme:
    """Return the refusal of what an import takes no more."""
    return Probleme(
        409,
        "import_clos",
        _("Cet import est en cours ou terminé : ouvrez-en un autre pour envoyer autre chose."),
    )


@action(Gesture.IMPORT_RUN)
def keep_part(actor: Actor, envoi_id: UUID, partie: Partie) -> bool:
    """Keep a part, in the place of the one of the same number; tell whether it is new. Raises Probleme."""
    envoi = open_for_parts(actor, envoi_id, lock=True)
    rows = Morceau.objects.visible_to(actor).filter(agence_id=actor.agence_id, envoi_id=envoi.id)
    others = rows.exclude(table_nom=partie.table, rang=partie.rang)
    _judge_room(others, partie)
    if others.filter(table_nom=partie.table).exclude(entete=partie.entete).exists():
        raise Probleme(
            409,
            "entete_differente",
            _(
                "Cette partie n’a pas les mêmes colonnes, dans le même ordre, que les autres de la table %(table)s."
            )
            % {"table": partie.table},
        )
    key = agence_key(actor, actor.agence_id)
    former: Morceau | None = rows.filter(table_nom=partie.table, rang=partie.rang).first()
    if former is not None:
        gone = former.depot
        transaction.on_commit(lambda: erase(key, gone))
    row = former or Morceau(
        agence_id=actor.agence_id, id=new_id(), envoi_id=envoi.id, table_nom=partie.table, rang=partie.rang
    )
    row.format, row.entete, row.lignes = partie.format, partie.entete, partie.lignes
    row.sha256, row.octets, row.depot, row.recu_le = partie.sha256, partie.octets, partie.depot, now()
    row.save(force_insert=former is None)
    return former is None


def _judge_room(others: Any, partie: Partie) -> None:
    held = others.aggregate(total=Sum("octets"))["total"] or 0
    if held + partie.octets > settings.IMPORT_MAX_BYTES or others.count() >= PARTIES:
        raise Probleme(
            413,
            "import_trop_volumineux",
            _("Cet import dépasse la taille admise : envoyez-le en plusieurs fois."),
        )


@action(Gesture.IMPORT_RUN)
def ask_run(actor: Actor, envoi_id: UUID, *, controle_seul: bool) -> EnvoiApi:
    """Ask for the import of a sending, or for its check alone. Raises Invisible, or Probleme 409."""
    envoi = find_envoi(actor, envoi_id, lock=True)
    if envoi is None:
        raise Invisible
    run = run_of(actor, envoi)
    if envoi.etat == EtatEnvoi.PREPARATION or (
        envoi.etat == EtatEnvoi.CONFIE and run is not None and run.etat in VIFS
    ):
        raise Probleme(409, "import_en_cours", _("Cet import est déjà en cours : attendez qu’il se termine."))
    if not is_open(envoi, run):
        raise closed()
    if envoi.genre == GenreEnvoi.TABLES:
        _judge_whole(actor, envoi)
    envoi.etat, envoi.controle_seul, envoi.message = EtatEnvoi.PREPARATION, controle_seul, ""
    envoi.save(update_fields=["etat", "controle_seul", "message"])
    app.configure_task("api.confier", queue="import").defer(
        agence_id=str(actor.agence_id), envoi_id=str(envoi.id)
    )
    journal.record(
        actor, Gesture.IMPORT_RUN, f"envoi:{envoi.id}", agence_id=actor.agence_id,
        acte="controle" if controle_seul else "application",
    )  # fmt: skip
    return envoi


def _judge_whole(actor: Actor, envoi: EnvoiApi) -> None:
    """Refuse a sending without a part, or with a hole between two."""
    rows = Morceau.objects.visible_to(actor).filter(agence_id=actor.agence_id, envoi_id=envoi.id)
    found: dict[str, set[int]] = {}
    for table, rang in rows.order_by("table_nom", "rang").values_list("table_nom", "rang"):
        found.setdefault(table, set()).add(rang)
    missing = [
        {"ou": table, "code": "partie_manquante", "message": _("partie %(rang)d absente") % {"rang": rang}}
        for table, ranks in found.items()
        for rang in sorted(set(range(1, max(ranks) + 1)) - ranks)[:20]
    ]
    if missing or not found:
        detail = _("Il manque des parties : envoyez-les, puis recommencez.")
        raise Probleme(409, "parties_manquantes", detail, erreurs=missing)


@action(Gesture.IMPORT_RUN)
def cancel_envoi(actor: Actor, envoi_id: UUID) -> EnvoiApi:
    """Give up what is not on line. Raises Invisible, or Probleme 409 when it is running or on line."""
    envoi = find_envoi(actor, envoi_id, lock=True)
    if envoi is None:
        raise Invisible
    run = run_of(actor, envoi)
    if envoi.etat in {EtatEnvoi.ABANDONNE, EtatEnvoi.EXPIRE}:
        return envoi
    if is_open(envoi, run):
        envoi.etat = EtatEnvoi.ABANDONNE
        envoi.save(update_fields=["etat"])
        forget_content(actor, envoi)
    elif run is not None and run.etat == EtatImport.A_CONFIRMER:
        abandon_import(actor, run.id)
    elif run is None or run.etat in VIFS:
        raise Probleme(409, "import_en_cours", _("Cet import est en cours : attendez qu’il se termine."))
    else:
        _roll_back(actor, run.id)
    journal.record(actor, Gesture.IMPORT_RUN, f"envoi:{envoi.id}", agence_id=actor.agence_id, acte="abandon")
    return envoi


def _roll_back(actor: Actor, import_id: UUID) -> None:
    """Take back the last import of the machine's own source. Raises BusinessError with the sentence."""
    require(actor, Gesture.IMPORT_CANCEL)
    with serving(actor, actor.agence_id, actor.reason or "API") as system:
        cancel_import(system, import_id)


def forget_content(actor: Actor, envoi: EnvoiApi) -> None:
    """Erase what a sending kept in the vault, once that is committed. Only inside an action."""
    key = agence_key(actor, actor.agence_id)
    rows = Morceau.objects.visible_to(actor).filter(agence_id=actor.agence_id, envoi_id=envoi.id)
    gone = [envoi.depot, *rows.order_by("id").values_list("depot", flat=True)]
    rows.delete()
    envoi.depot = ""
    envoi.save(update_fields=["depot"])

    def erase_all() -> None:
        for depot in filter(None, gone):
            erase(key, depot)

    transaction.on_commit(erase_all)
