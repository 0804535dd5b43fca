"""Loading of the demo, step by step; each step asks the base what is already done.

Interrupted anywhere, the next run goes on from there.
"""

import json
import os
import sys
from pathlib import Path

from django.core.management import call_command

from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.tenancy import acting_as
from palier.demo import accounts, consoles, dossiers, flux, retours, spare_codes
from palier.demo.people import CLIENTS, EQUIPE, MOT_DE_PASSE
from palier.echanges.models import Source


def load_all(data: Path) -> None:
    """Load what is missing, then write ``fiche.json``: what ``./run demo`` prints."""
    done = data / "etat-demo.json"
    if not done.exists():
        _say("Invention des trois agences : immeubles, personnes, comptes, documents PDF…")
    found = dossiers.generated(data)
    if not done.exists():
        for rank, dossier in enumerate(found, 1):
            agence = accounts.open_agence(dossier)
            _import(agence, dossier.path, f"{rank}/{len(found)}")
        _say("Comptes de démonstration…")
        accounts.create_staff()
        accounts.create_clients(found)
        flux.declare_feeds()
        retours.seed()
        consoles.seed()
        _write(done, {"charge": True})
    _write(data / "fiche.json", _facts(spare_codes.unused(data, found)))


def _import(agence: Agence, path: Path, rank: str) -> None:
    """Import one dossier by the command that an agency would use; skipped when its data are on line."""
    with acting_as(Actor.system(agence.id, accounts.REASON)) as actor:
        if Source.objects.visible_to(actor).filter(importe_le__isnull=False).exists():
            return
    _say(f"Import {rank} : {agence.nom}…")
    try:
        call_command("dossier", "import", "--agence", agence.slug, str(path))
    except SystemExit as ended:
        # The command's exit code 1: on line, but for lines that its report names. The demo can live with it.
        if ended.code != 1:
            raise


def _facts(codes: list[spare_codes.Code]) -> dict[str, object]:
    clients = [{"capacite": c.capacite, "email": c.email, "note": c.note} for c in CLIENTS]
    staff = [{"capacite": e.capacite, "email": e.email, "note": _note(e.nom, e.slug, e.role)} for e in EQUIPE]
    return {
        "mot_de_passe": MOT_DE_PASSE,
        "connexions": clients + staff,
        "codes": [
            {"identifiant": c.identifiant, "secret": c.secret, "nom": c.nom, "agence": c.agence}
            for c in codes
        ],
    }


def _note(nom: str, slug: str, role: str) -> str:
    if role == "dpo":
        return "demandes sur les comptes : /exploitant/dpo"
    return f"{nom} : bureau /g/{slug}/" if slug else "aucun accès aux données des agences"


def _write(path: Path, content: dict[str, object]) -> None:
    temporary = path.with_suffix(".tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, ensure_ascii=False)
    temporary.replace(path)


def _say(text: str) -> None:
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()
