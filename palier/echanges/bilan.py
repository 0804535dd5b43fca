"""The report of an import as it is kept: counts, and the faults with their values masked."""

from typing import Any
from uuid import UUID

from palier.core.ids import new_id
from palier.echanges.chargement.appliquer import Resultat
from palier.echanges.codes import Gravite
from palier.echanges.controle import Controle
from palier.echanges.models import Anomalie
from palier.echanges.rapport import summary

MESURES = ("ajoutes", "modifies", "inchanges", "archives")


def portee_of(controle: Controle, resultat: Resultat | None) -> dict[str, Any] | None:
    """The units that an import spoke for (None: all of them), and those that kept their previous version.

    A delta speaks for no unit as a whole: only for the rows that it names.
    """
    if resultat is None or resultat.portee is None or controle.manifeste is None:
        return None
    unites, tenues = resultat.portee.unites, resultat.portee.tenues
    if controle.manifeste.is_delta:
        unites = ()
    return {
        "unites": None if unites is None else [str(u) for u in unites],
        "tenues": [str(u) for u in tenues],
    }


def build_bilan(controle: Controle, resultat: Resultat | None) -> dict[str, Any]:
    """Counts for people (en_ligne, a_corriger, inchanges) and for machines (by table, unit and code)."""
    found = summary(controle)
    written = resultat.tables if resultat else {}
    for table, bilan in written.items():
        if table in found["tables"]:
            found["tables"][table] |= {name: getattr(bilan, name) for name in MESURES}
    total = {name: sum(getattr(b, name) for b in written.values()) for name in MESURES}
    held = sum(c.retenues for c in controle.comptes.values())
    return {
        **found,
        **total,
        "en_ligne": sum(total[n] for n in ("ajoutes", "modifies", "inchanges")),
        "a_corriger": controle.collecte.total(Gravite.LIGNE),
        "retenues": held,
        "fichiers_recus": len(resultat.fichiers) if resultat else 0,
        "droits_ouverts": resultat.droits_ouverts if resultat else 0,
        "droits_fermes": resultat.droits_fermes if resultat else 0,
        "portee": portee_of(controle, resultat),
        "fichiers": {f.table: f.chemin for f in controle.manifeste.fichiers} if controle.manifeste else {},
        "codes": {g.code: g.total for g in controle.collecte.groupes()},
        "coupes": {
            g.code: {"gardees": g.dites, "total": g.total} for g in controle.collecte.groupes() if g.coupe
        },
    }


def anomaly_rows(controle: Controle, agence: UUID, import_id: UUID) -> list[Anomalie]:
    """The faults kept for the report: at most a thousand for each code, gravest first."""
    return [
        Anomalie(
            agence_id=agence,
            id=new_id(),
            import_id=import_id,
            rang=rang,
            gravite=a.gravite.value,
            code=a.code,
            table=a.table,
            ligne=a.ligne,
            identifiant=a.id,
            colonne=a.colonne,
            valeur_masquee=a.valeur,
            message=a.message,
            conseil=a.conseil,
            unite=a.unite,
        )
        for rang, a in enumerate(controle.anomalies, 1)
    ]
