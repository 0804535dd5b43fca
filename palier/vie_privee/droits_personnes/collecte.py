"""Everything about a person: what his account holds, and what each agence holds and shows him, read with his own rights.

The row policies decide what comes back; the filters here leave out what he may read of others (a co-owner's
documents, the other holders of a compte): a copy never carries a third person's data (RGPD art. 15.4, 20.4).
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import connection, models

from palier.acces.enums import GenreCercle
from palier.accounts.models import Account
from palier.agences.models import Agence
from palier.core.actor import Actor
from palier.core.tenancy import serving
from palier.courrier.models import Envoi, Preference
from palier.vie_privee.models import (
    Acceptation,
    AvertissementInactivite,
    Communication,
    DemandeAgence,
    DemandeCompte,
    Directive,
    ExportDonnees,
    Incident,
    Limitation,
    LimitationCompte,
    SuppressionDemandee,
)

#: Plumbing: nothing about the person, or where a sealed file lies.
_CACHES = {
    "pk", "agence_id", "source_id", "empreinte", "unite_id", "archive_le", "import_id", "ligne", "fichier_rang", "cercle_id",
    "mandat_cercle_id", "adresse", "cle", "sel", "identite", "pieces", "account_id", "posee_par", "repondue_par",
    "refuse_par", "remplace_id", "retour_id", "executee_par", "par", "envoi_id",
}  # fmt: skip
_PERSONNELLES = ("compte", "bail", "mandat")


def dump(rows: Iterable[models.Model]) -> list[dict[str, Any]]:
    """Return rows as plain values, by the names of their columns."""
    found = []
    for row in rows:
        names = [
            field.attname
            for field in row._meta.concrete_fields
            if field.attname not in _CACHES and not getattr(field, "generated", False)
        ]
        found.append({name: getattr(row, name) for name in names})
    return found


def _lines(sql: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


_JOURNAL = """
select j.le, j.gesture as geste, j.role as par, j.objet, j.detail ->> 'acte' as acte from core_journal j
where j.chaine_id = %(chaine)s and {qui} order by j.le, j.sequence limit 50000
"""


def of_account(account: Account) -> dict[str, Any]:
    """Return what the exploitant holds of an account, inside a transaction opened as its owner."""
    pk = account.pk
    return {
        "compte": {
            "id": pk, "email": account.email, "langue": account.langue, "cree_le": account.created_le,
            "derniere_visite": account.derniere_visite, "membre_d_une_equipe": account.equipe, "actif": account.is_active,
            "exploitant": account.is_exploitant, "delegue_a_la_protection": account.is_dpo,
            "hors_statistiques_jusqu_au": account.sans_statistiques_jusqu_au,
        },
        "adresses": [
            {"email": a.email, "verifiee": a.verified, "principale": a.primary}
            for a in EmailAddress.objects.filter(user_id=pk).order_by("id")
        ],
        "sessions": [
            {"ouverte_le": s.created_at, "vue_le": s.last_seen_at, "ip": s.ip, "navigateur": s.user_agent}
            for s in UserSession.objects.filter(user_id=pk).order_by("id")
        ],
        "equipes": _lines(
            "select g.nom as agence, h.nom, h.role, h.depuis, h.revoquee_le from agences_habilitation h"
            " join agences_agence g on g.id = h.agence_id where h.account_id = %(account)s order by h.depuis",
            {"account": pk},
        ),
        "textes": [
            {"texte": a.texte.titre, "version": a.texte.version, "nature": a.nature, "le": a.le}
            for a in Acceptation.objects.filter(account_id=pk).select_related("texte").order_by("le", "id")
        ],
        "preferences": dump(Preference.objects.filter(account_id=pk)),
        "courriels": [
            {"modele": e.modele, "cree_le": e.cree_le, "envoye_le": e.envoye_le}
            for e in Envoi.objects.filter(account_id=pk).order_by("cree_le", "id")
        ],
        "communications": dump(Communication.objects.filter(account_id=pk).order_by("demandee_le", "id")),
        "demandes": _requests(DemandeCompte.objects.filter(account_id=pk).order_by("recue_le", "id")),
        "limitations": dump(LimitationCompte.objects.filter(account_id=pk).order_by("posee_le", "id")),
        "directives": dump(Directive.objects.filter(account_id=pk).order_by("version")),
        "copies": dump(ExportDonnees.objects.filter(account_id=pk, destinataire="").order_by("demande_le")),
        "suppression": dump(SuppressionDemandee.objects.filter(account_id=pk)),
        "avertissements": dump(AvertissementInactivite.objects.filter(account_id=pk).order_by("rang")),
        "signalements": [
            {"genre": i.genre, "etat": i.etat, "constate_le": i.constate_le, "clos_le": i.clos_le}
            for i in Incident.objects.filter(account_id=pk).order_by("constate_le", "id")
        ],
        "agences_fermees": _lines(_FERMEES, {"account": pk}),
        "journal": _lines(
            _JOURNAL.format(qui="j.account_id = %(account)s"), {"chaine": UUID(int=0), "account": pk}
        ),
    }  # fmt: skip


_FERMEES = """
select g.nom as agence, g.telephone, g.email, g.statut as contrat, a.rattache_le from acces_acces a
join agences_agence g on g.id = a.agence_id where a.account_id = %(account)s and a.detache_le is null
  and g.statut <> 'active' order by g.nom
"""
# What is about the person and that no page shows him: read as the agence's own task, of these accès and rows alone.
_CODES = """
select c.canal, c.emis_le, c.expire_le, c.utilise_le, c.revoque_le, c.identifiant from acces_codeacces c
where c.agence_id = %(agence)s and c.acces_id = any(%(acces)s) order by c.emis_le, c.id
"""
_INCIDENTS = """
select i.titre, p.actes, p.prevenue_le from vie_privee_incidentpersonne p
left join vie_privee_incidentagence i on i.agence_id = p.agence_id and i.incident_id = p.incident_id
where p.agence_id = %(agence)s and p.acces_id = any(%(acces)s) and p.prevenue_le is not null order by p.prevenue_le, p.id
"""
_AVANT = """
select v.table_nom, v.operation, v.cree_le as remplace_le, v.avant from echanges_version v
where v.agence_id = %(agence)s and v.ligne_id = any(%(lignes)s) order by v.cree_le, v.id limit 10000
"""


def _requests(rows: Iterable[DemandeCompte | DemandeAgence]) -> list[dict[str, Any]]:
    """Return requests with the names of the files of their answers: he downloads those where he reads the answer."""
    found = list(rows)
    return [
        {**one, "pieces_jointes": [piece["nom"] for piece in row.pieces]}
        for row, one in zip(found, dump(found), strict=True)
    ]


def _held_always(espaces: Iterable[Any], droits: Iterable[Any]) -> set[UUID]:
    """Return the comptes that the person's droits open whole, without a date.

    A former state has no date of its own: of a compte held for a time, it may tell what another holder's time was.
    """
    whole = {
        d.espace_id for d in droits if d.genre == GenreCercle.COMPTE and (d.du, d.au) == (date.min, date.max)
    }
    return {e.compte_client_id for e in espaces if e.id in whole and e.compte_client_id is not None}


def _beyond_the_screen(actor: Actor, agence: Agence, held: list[UUID], rows: list[UUID]) -> dict[str, Any]:
    params = {"agence": agence.id, "acces": held, "lignes": rows}
    with serving(actor, agence.id, "copie des données d’une personne"):
        former = _lines(_AVANT, params)
        for one in former:
            before = one["avant"] if isinstance(one["avant"], dict) else json.loads(one["avant"])
            one["avant"] = {k: v for k, v in before.items() if k not in _CACHES and k != "id"}
        return {
            "codes": _lines(_CODES, params),
            "incidents": _lines(_INCIDENTS, params),
            "valeurs_anterieures": former,
        }


def _model(label: str) -> Any:
    """Return a model of a room beside or above: this one only reads it, with its own policy."""
    return apps.get_model(label)


def of_agency(actor: Actor, agence: Agence) -> dict[str, Any]:
    """Return what one agence holds of the person and shows him, inside a transaction opened as him."""

    def mine(label: str, **filters: Any) -> list[Any]:
        rows = _model(label).objects.visible_to(actor).filter(agence_id=agence.id, **filters)
        return list(rows.order_by("id"))

    held = [a.id for a in actor.acces if a.agence_id == agence.id]
    acces = mine("acces.Acces", id__in=held)
    tiers = [a.tiers_id for a in acces]
    espaces = mine("acces.Espace", acces_id__in=held)
    places = mine("patrimoine.CompteTiers", tiers_id__in=tiers)
    comptes = {e.compte_client_id for e in espaces} | {p.compte_client_id for p in places}
    comptes.discard(None)
    baux = mine("patrimoine.Bail", compte_client_id__in=comptes)
    mandats = mine("patrimoine.MandatGerance", compte_client_id__in=comptes)
    detentions = mine("patrimoine.Detention", compte_client_id__in=comptes)
    lots = {d.lot_id for d in detentions}
    lots |= {x.lot_id for x in mine("patrimoine.BailLot", bail_id__in=[b.id for b in baux])}
    lots |= {x.lot_id for x in mine("patrimoine.MandatLot", mandat_gerance_id__in=[m.id for m in mandats])}
    echeances = mine("comptabilite.Echeance", compte_client_id__in=comptes)
    droits = mine("acces.Droit", acces_id__in=held)
    always = _held_always(espaces, droits)
    facts = (r.id for r in (*baux, *mandats, *detentions) if r.compte_client_id in always)
    rows = [*tiers, *(place.id for place in places), *always, *facts]
    return {
        "agence": {"nom": agence.nom, "telephone": agence.telephone, "email": agence.email},
        "identite": dump(mine("patrimoine.Tiers", id__in=tiers)),
        "acces": dump(acces),
        "espaces": dump(espaces),
        "droits": dump(droits),
        "places": dump(places),
        "comptes": dump(mine("patrimoine.CompteClient", id__in=comptes)),
        "lots": dump(mine("patrimoine.Lot", id__in=lots)),
        "detentions": dump(detentions),
        "baux": dump(baux),
        "mandats": dump(mandats),
        "conseil": dump(mine("patrimoine.MandatConseil", tiers_id__in=tiers)),
        "echeances": dump(echeances),
        "echeances_lignes": dump(mine("comptabilite.EcheanceLigne", echeance_id__in=[e.id for e in echeances])),
        "mouvements": dump(mine("comptabilite.Mouvement", compte_client_id__in=comptes)),
        "lectures": dump(mine("ged.Lecture", acces_id__in=held)),
        "avis": dump(mine("courrier.Avis", acces_id__in=held)),
        "coordonnees_demandees": dump(mine("retours.ChangementCoordonnees", acces_id__in=held)),
        "coordonnees_verifiees": dump(mine("retours.CoordonneesVerifiees", acces_id__in=held)),
        "accords": dump(mine("retours.Consentement", acces_id__in=held)),
        "justificatifs": dump(mine("retours.Justificatif", acces_id__in=held)),
        "demandes": _requests(
            DemandeAgence.objects.visible_to(actor).filter(agence_id=agence.id, account_id=actor.account_id)
        ),
        "limitations": dump(
            Limitation.objects.visible_to(actor).filter(agence_id=agence.id, acces_id__in=held)
        ),
        **_beyond_the_screen(actor, agence, held, rows),
        "journal": _lines(
            _JOURNAL.format(qui="j.acces_id = any(%(acces)s)"), {"chaine": agence.id, "acces": held}
        ),
    }  # fmt: skip


def documents_of(actor: Actor, agence: Agence) -> list[Any]:
    """Return the documents addressed to the person himself (his compte, his lease, his mandate), with their files."""
    held = [a.id for a in actor.acces if a.agence_id == agence.id]
    own = _model("acces.Droit").objects.visible_to(actor).filter(acces_id__in=held, personnel=True)
    rows = _model("ged.Document").objects.visible_to(actor)
    found = rows.filter(agence_id=agence.id, portee__in=_PERSONNELLES, cercle_id__in=own.values("cercle_id"))
    return list(found.select_related("fichier").order_by("le", "id"))


def proofs_of(actor: Actor, agence: Agence) -> list[Any]:
    """Return the proofs that the person sent and that are still kept."""
    held = [a.id for a in actor.acces if a.agence_id == agence.id]
    rows = _model("retours.Justificatif").objects.visible_to(actor)
    found = rows.filter(agence_id=agence.id, acces_id__in=held).exclude(etat="annule")
    return list(found.order_by("cree_le", "id"))
