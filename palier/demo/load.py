"""``python -m palier.demo.load``: brings the demo's data to what it must be; each step is done once, in any run.

Interrupted anywhere, the next run goes on from there: every step asks the base what is already done.
"""

import json
import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Load what is missing, then write ``fiche.json``: what ``./run demo`` prints."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.conf import settings

    from palier.demo import accounts, dossiers, spare_codes

    if settings.MODE != "demo":
        sys.exit("Le chargement de la démo n'existe qu'en mode demo.")
    data: Path = settings.DATA_DIR
    done = data / "etat-demo.json"
    if not done.exists():
        _say("Invention des trois agences : immeubles, personnes, comptes, documents PDF…")
    found = dossiers.generated(data)
    if not done.exists():
        for rank, dossier in enumerate(found, 1):
            accounts.open_agence(dossier)
            _import(dossier, f"{rank}/{len(found)}")
        _say("Comptes de démonstration…")
        accounts.create_staff()
        accounts.create_clients(found)
        _write(done, {"charge": True})
    _write(data / "fiche.json", _facts(spare_codes.unused(data, found)))


def _import(dossier: "dossiers.Dossier", rank: str) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Import one dossier by the command that an agency would use; skipped when its data are on line."""
    from django.core.management import call_command

    from palier.agences.models import Agence
    from palier.core.actor import Actor
    from palier.core.tenancy import acting_as
    from palier.demo.accounts import REASON
    from palier.echanges.models import Source

    agence = Agence.objects.get(slug=dossier.slug)
    with acting_as(Actor.system(agence.id, REASON)) as actor:
        if Source.objects.visible_to(actor).filter(importe_le__isnull=False).exists():
            return
    _say(f"Import {rank} : {dossier.nom}…")
    call_command("dossier", "import", "--agence", dossier.slug, str(dossier.path))


def _facts(codes: "list[spare_codes.Code]") -> dict[str, object]:  # type: ignore[name-defined]  # noqa: F821
    from palier.demo.people import CLIENTS, EQUIPE, MOT_DE_PASSE

    clients = [{"capacite": c.capacite, "email": c.email, "note": c.note} for c in CLIENTS]
    staff = [{"capacite": e.capacite, "email": e.email, "note": _note(e.nom, e.slug)} for e in EQUIPE]
    return {
        "mot_de_passe": MOT_DE_PASSE,
        "connexions": clients + staff,
        "codes": [
            {"identifiant": c.identifiant, "secret": c.secret, "nom": c.nom, "agence": c.agence} for c in codes
        ],
    }


def _note(nom: str, slug: str) -> str:
    return f"{nom} : bureau /g/{slug}/" if slug else "aucun accès aux données des agences"


def _write(path: Path, content: dict[str, object]) -> None:
    temporary = path.with_suffix(".tmp")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, ensure_ascii=False)
    temporary.replace(path)


def _say(text: str) -> None:
    sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
