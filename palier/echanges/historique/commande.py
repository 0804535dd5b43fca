"""``manage dossier annuler --agence SLUG IMPORT [--unite NOM…]``: takes back what an import put on line."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, OutputWrapper
from django.db import connection

from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.errors import BusinessError, Invisible
from palier.core.tenancy import acting_as
from palier.echanges.historique.annulation import cancel_import, preview_cancel
from palier.echanges.manifeste import AGENCE

FAITE, REFUSEE = 0, 2
#: Prefix of a unit's name → the table of its root.
_RACINES = {"copropriete": "patrimoine_copropriete", "mandat": "patrimoine_mandatgerance"}


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("importation", metavar="import", help="identifiant de l'import (page « Imports »)")
    parser.add_argument("--agence", required=True, help="slug de l'agence")
    parser.add_argument(
        "--unite", action="append", default=[], help="une unité seulement, par exemple copropriete:C42"
    )
    parser.add_argument("--essai", action="store_true", help="dit ce qui changerait, sans rien changer")


def run(options: dict[str, Any], out: OutputWrapper) -> int:
    """Take the import back; return the exit code. Raises CommandError for an unknown agence, import or unit."""
    agence = Agence.objects.filter(slug=options["agence"]).first()
    if agence is None:
        raise CommandError(f"L'agence « {options['agence']} » n'existe pas.", returncode=REFUSEE)
    try:
        import_id = UUID(options["importation"])
    except ValueError:
        raise CommandError(
            "L'identifiant de l'import n'est pas complet : copiez-le de la page « Imports ».",
            returncode=REFUSEE,
        ) from None
    actor = Actor.system(agence.id, "commande dossier annuler")
    try:
        with acting_as(actor):
            unites = tuple(_unit(agence.id, name) for name in options["unite"]) or None
            apercu = preview_cancel(actor, import_id, unites)
            if apercu.refus:
                out.write(apercu.refus)
                return REFUSEE
            for x in apercu.lignes:
                out.write(
                    f"{x.table:<18} {x.unite_id} : {x.retablies} rétablies, {x.revenues} revenues, "
                    f"{x.archivees} archivées"
                )
            if apercu.restent:
                out.write(
                    f"Lignes de l'agence entière qui restent (elles servent aussi ailleurs, ou ont changé depuis) : "
                    f"{apercu.restent}"
                )
            if options["essai"]:
                out.write(f"{apercu.total} lignes changeraient ; rien n'a été changé.")
                return FAITE
            done = cancel_import(actor, import_id, unites, in_background=False)
    except BusinessError as error:
        out.write(str(error))
        return REFUSEE
    except Invisible:
        raise CommandError("Cet import n'existe pas dans cette agence.", returncode=REFUSEE) from None
    counts = done.bilan
    out.write(
        f"Import annulé : {counts['retablies']} lignes rétablies, {counts['revenues']} revenues, "
        f"{counts['archivees']} archivées ; {counts['avis_arretes']} avis arrêtés."
    )
    return FAITE


def _unit(agence_id: UUID, name: str) -> UUID:
    if name == AGENCE:
        return agence_id
    genre, _sep, reference = name.partition(":")
    if genre in _RACINES:
        with connection.cursor() as cursor:
            cursor.execute(
                f"select id from {_RACINES[genre]} where agence_id = %s and reference = %s order by id",
                [agence_id, reference],
            )
            found = [row[0] for row in cursor.fetchall()]
        if len(found) == 1:
            return UUID(str(found[0]))
    raise CommandError(f"L'unité « {name} » n'existe pas dans cette agence.", returncode=REFUSEE)
