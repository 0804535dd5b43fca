"""``manage dossier retours --agence SLUG``: the return file for an unattended task, and its acknowledgement."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import CommandError

from palier.agences.cles import agence_key
from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.tenancy import acting_as
from palier.core.vault import DamagedFile
from palier.echanges.retours.actions import prepare_return
from palier.echanges.retours.dialectes import CANON, DIALECTES
from palier.echanges.retours.fichier import file_name, write_return
from palier.retours.actions_agence import acknowledge_return
from palier.retours.enums import MoyenAcquittement
from palier.retours.models import Retour

REFUSE = 2


class Out(Protocol):
    """Where the command speaks."""

    def write(self, msg: str) -> Any: ...


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options of ``dossier retours``."""
    parser.add_argument("--agence", required=True, help="slug de l'agence")
    parser.add_argument("--dialecte", choices=DIALECTES, default=CANON)
    parser.add_argument(
        "--sortie", type=Path, help="fichier zip à écrire (par défaut : le nom du retour, ici)"
    )
    parser.add_argument("--sequence", type=int, help="redonne un retour déjà préparé, identique")
    parser.add_argument("--acquitter", type=int, metavar="N", help="dit que le retour N est dans le logiciel")


def run(options: dict[str, Any], out: Out) -> int:
    """Prepare (or find) a return and write it; return the exit code."""
    agence = Agence.objects.filter(slug=options["agence"]).first()
    if agence is None:
        raise CommandError(f"L'agence « {options['agence']} » n'existe pas.", returncode=REFUSE)
    with acting_as(Actor.system(agence.id, "commande dossier retours")) as actor:
        if options["acquitter"]:
            return _acknowledge(actor, options["acquitter"], out)
        retour = _one(actor, options["sequence"]) if options["sequence"] else prepare_return(actor)
    if retour is None:
        out.write(_nothing(agence))
        return 0
    target: Path = options["sortie"] or Path.cwd() / file_name(agence, retour, options["dialecte"])
    _write(agence, retour, target, options["dialecte"])
    out.write(f"Retour n° {retour.sequence} : {retour.lignes} lignes dans {target}.")
    return 0


def _acknowledge(actor: Actor, sequence: int, out: Out) -> int:
    try:
        acknowledge_return(actor, sequence, MoyenAcquittement.COMMANDE)
    except Invisible:
        raise CommandError(f"Le retour n° {sequence} n'existe pas.", returncode=REFUSE) from None
    out.write(f"Le retour n° {sequence} est acquitté.")
    return 0


def _one(actor: Actor, sequence: int) -> Retour:
    found: Retour | None = (
        Retour.objects.visible_to(actor).filter(agence_id=actor.agence_id, sequence=sequence).first()
    )
    if found is None:
        raise CommandError(f"Le retour n° {sequence} n'existe pas.", returncode=REFUSE)
    return found


def _nothing(agence: Agence) -> str:
    with acting_as(Actor.system(agence.id, "commande dossier retours")) as actor:
        rows = Retour.objects.visible_to(actor).filter(agence_id=agence.id, acquitte_le__isnull=True)
        waiting = list(rows.order_by("sequence").values_list("sequence", flat=True)[:20])
    text = "Rien de nouveau à transmettre."
    if waiting:
        numbers = ", ".join(f"n° {n}" for n in waiting)
        text += f" Pas encore acquittés : {numbers} ; --sequence N les redonne, identiques."
    return text


def _write(agence: Agence, retour: Retour, target: Path, dialecte: str) -> None:
    """Write under a temporary name then rename: whoever watches the folder never reads half a file."""
    with acting_as(Actor.system(agence.id, "commande dossier retours")) as actor:
        key = agence_key(actor, agence.id)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        temporary.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            write_return(file, agence, retour, key, dialecte)
        temporary.replace(target)
    except DamagedFile:
        temporary.unlink(missing_ok=True)
        raise CommandError(
            f"Un justificatif du retour n° {retour.sequence} est abîmé dans le coffre : le fichier n'est pas écrit.",
            returncode=4,
        ) from None
    except OSError as error:
        raise CommandError(
            f"Le retour n° {retour.sequence} est prêt mais {target} ne s'écrit pas ({error.strerror}) : "
            f"relancez avec --sequence {retour.sequence}.",
            returncode=4,
        ) from None
