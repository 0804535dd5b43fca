"""The closed list of verbs, and the columns that each native reader gives."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from .constats import Constat, Gravite

#: Verbs that make a value.
VERBES = (
    "de", "constante", "concat", "premier_non_vide", "decouper", "motif", "table", "date", "nombre", "sens",
    "majuscule", "masquer", "empreinte", "somme_groupe", "plus_recent", "joindre",
)  # fmt: skip
#: Verbs that change the rows of an emission, and the one that completes any value.
VERBES_EMISSION = ("deplier", "filtre", "unique")
COMPLEMENT = "defaut"

FEC = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum",
    "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate",
    "Montantdevise", "Idevise",
)  # fmt: skip
RELEVE = (
    "genre", "compte", "banque", "guichet", "bic", "devise", "titulaire", "releve", "date", "date_valeur",
    "Debit", "Credit", "libelle", "complement", "reference", "bout_en_bout", "mandat", "contrepartie",
    "contrepartie_iban", "code_operation", "code_rejet",
)  # fmt: skip
PDF = ("chemin", "nom", "fichier", "sha256", "octets", "texte")
NATIFS: dict[str, tuple[str, ...]] = {"fec": FEC, "cfonb120": RELEVE, "camt053": RELEVE, "dossier_pdf": PDF}


def iter_values(value: Any, path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every value object inside a field, itself first, with where it is written."""
    if isinstance(value, dict):
        yield path, value
        for verb in (
            "premier_non_vide",
            "decouper",
            "motif",
            "table",
            "date",
            "nombre",
            "majuscule",
            "masquer",
            "plus_recent",
        ):
            inner = value.get(verb)
            for i, item in enumerate(inner if isinstance(inner, list) else [inner]):
                if isinstance(item, dict):
                    yield from iter_values(item, f"{path}/{verb}/{i}")
        link = value.get("joindre")
        if isinstance(link, dict) and isinstance(link.get("sur"), dict):
            for name, item in link["sur"].items():
                if isinstance(item, dict):
                    yield from iter_values(item, f"{path}/joindre/{name}")


def check_values(data: dict[str, Any], nom: str) -> list[Constat]:
    """Faults of verbs, said better than a schema would: none, several, or one that does not exist."""
    faults: list[Constat] = []
    emissions = data.get("emissions")
    for i, emission in enumerate(emissions if isinstance(emissions, list) else []):
        fields = emission.get("champs") if isinstance(emission, dict) else None
        for name, value in (fields if isinstance(fields, dict) else {}).items():
            for path, item in iter_values(value, f"emissions/{i}/champs/{name}"):
                message = _verb_fault(item)
                if message:
                    faults.append(Constat("profil_verbe", Gravite.BLOQUANTE, f"{path} : {message}", nom))
    return faults


def _verb_fault(item: dict[str, Any]) -> str:
    here = [k for k in item if k in VERBES]
    if len(here) == 1:
        return ""
    listed = ", ".join(VERBES)
    if not here:
        return _("aucun verbe connu ({cles}) ; les verbes sont : {verbes}.").format(
            cles=", ".join(map(str, item)) or "—", verbes=listed
        )
    return _("un seul verbe par valeur ; il y en a {nombre} : {verbes}.").format(
        nombre=len(here), verbes=", ".join(here)
    )
