"""The registers of art. 30, gathered from the declarations next to the code; CSV, and sections for the PDF."""

import csv
import io
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.conf import settings

from palier.core.cellules import cellule
from palier.core.traitements import SECURITE, Qualite, Traitement
from palier.vie_privee.rules.textes import Section

_COLONNES = ("nom", "qualite", "finalite", "base", "personnes", "donnees", "destinataires", "duree")


@cache
def traitements() -> tuple[Traitement, ...]:
    """Return every declared processing, in the order of the rooms."""
    found: list[Traitement] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.traitements"
        if config.name.startswith("palier.") and config.label != "core" and find_spec(name):
            found += import_module(name).TRAITEMENTS
    return tuple(found)


def of(qualite: Qualite) -> list[Traitement]:
    """Return the register of the exploitant as controller, or as processor."""
    return [t for t in traitements() if t.qualite is qualite]


def covers(traitement: Traitement, label: str) -> bool:
    """Tell whether a processing declares a table (``room.Model``; « room.* » names them all)."""
    return label in traitement.tables or f"{label.partition('.')[0]}.*" in traitement.tables


def sections(rows: list[Traitement], *, en_tete: Section) -> list[Section]:
    """Return a register as a text: who keeps it, each processing, the measures of security."""
    found = [en_tete]
    for t in rows:
        found.append(
            Section(
                t.nom,
                [
                    f"Finalité : {t.finalite}",
                    f"Base : {t.base}",
                    f"Personnes concernées : {t.personnes}",
                    f"Données : {t.donnees}",
                    f"Destinataires : {t.destinataires}",
                    "Transferts hors de l’Union européenne : aucun, sauf instruction écrite.",
                    f"Durée : {t.duree}",
                ],
            )
        )
    found.append(Section("Mesures de sécurité (article 32)", [list(SECURITE)]))
    return found


def head(qualite: Qualite, agence: str = "") -> Section:
    """Return the first section: who keeps this register, and how to reach the DPO."""
    e = settings.EXPLOITANT
    who = f"{e['nom']}, {e['forme']}, {e['adresse']}"
    dpo = f"Délégué à la protection des données : {e['dpo']}, {e['dpo_adresse']}"
    if qualite is Qualite.RESPONSABLE:
        return Section("Responsable du traitement (article 30.1)", [who, dpo])
    controller = (
        f"Pour le compte de : {agence}" if agence else "Pour le compte de chaque agence sous contrat."
    )
    return Section("Sous-traitant (article 30.2)", [who, dpo, controller])


def to_csv(rows: list[Traitement]) -> bytes:
    """Return a register as CSV: UTF-8 with its mark, semicolons."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([*_COLONNES, "transferts", "securite"])
    for t in rows:
        cells = [str(getattr(t, name)) for name in _COLONNES]
        writer.writerow(
            [cellule(c) for c in (*cells, "aucun, sauf instruction écrite", " ; ".join(SECURITE))]
        )
    return b"\xef\xbb\xbf" + target.getvalue().encode()
