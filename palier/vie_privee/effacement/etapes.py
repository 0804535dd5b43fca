"""The seventh day, step by step. Each step is a transaction that writes that it was done: killed anywhere, run again."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from palier.accounts.models import Account
from palier.agences.cles import agence_key
from palier.agences.enums import RoleEquipe
from palier.agences.models import Agence, CertificatEffacement, CleAgence, FinContrat, Habilitation
from palier.core import dates, journal, trousseau
from palier.core.access import Gesture
from palier.core.action import writing
from palier.core.actor import Actor, Role
from palier.core.errors import Invisible
from palier.core.tenancy import enter, open_actor
from palier.core.vault import DamagedFile
from palier.courrier.chiffre import seal, unseal
from palier.courrier.envois import send_later
from palier.vie_privee.effacement import catalogue, certificat, fichiers

RAISON = "effacement au septième jour"
_FILE = """
delete from procrastinate_jobs j where not exists (select 1 from procrastinate_periodic_defers d where d.job_id = j.id)
  and (position(%(agence)s in j.args::text) > 0 or (j.task_name = 'courrier.envoyer' and j.args ->> 'envoi_id' in
    (select e.id::text from courrier_envoi e where e.agence_id = %(agence)s::uuid)))
"""
_COMPTES = """
select distinct account_id from (
  select account_id from acces_acces where agence_id = %(agence)s and account_id is not null
  union select account_id from agences_habilitation where agence_id = %(agence)s) q order by account_id
"""


class NotYet(Exception):
    """The contract runs, was signed again, or its seventh day has not come."""


def _system(agence_id: UUID) -> Actor:
    actor = Actor.system(agence_id, RAISON)
    open_actor(actor)
    return actor


def _portal() -> Actor:
    actor = Actor(role=Role.SYSTEME, reason=RAISON)
    open_actor(actor)
    return actor


def take_stock(row: FinContrat) -> None:
    """Write what there is before anything goes: counts, files, the key's fingerprint, the journal's last hash."""
    agence = Agence.objects.get(id=row.agence_id)
    actor = _system(agence.id)
    try:
        empreinte = certificat.key_digest(agence_key(actor, agence.id).data)
    except (Invisible, DamagedFile):
        empreinte = ""
    files, size = fichiers.measure(agence.id)
    with connection.cursor() as cursor:
        cursor.execute("select sequence, empreinte from core_journal_tete where chaine_id = %s", [agence.id])
        last = cursor.fetchone() or (0, "")
        cursor.execute(_COMPTES, {"agence": agence.id})
        row.comptes = [str(found[0]) for found in cursor.fetchall()]
    row.constat = {
        "lignes": {**catalogue.counts(agence.id), "agences_agence": 1}, "fichiers": files, "octets": size,
        "cle": empreinte, "journal": {"sequence": last[0], "empreinte": last[1]},
        "agence": certificat.agence_digest(agence.slug, agence.nom),
    }  # fmt: skip
    staff = Habilitation.objects.visible_to(actor).filter(
        agence_id=agence.id, role=RoleEquipe.ADMINISTRATEUR, revoquee_le=None
    )
    ids = list(staff.values_list("account_id", flat=True))
    told = Account.objects.filter(id__in=ids, is_active=True).order_by("id")
    whom = {account.email: account.langue for account in told}
    if agence.email and agence.email not in whom:
        whom[agence.email] = "fr"
    row.adieux = seal({"nom": agence.nom, "slug": agence.slug, "a": whom})
    row.save(update_fields=["comptes", "constat", "adieux"])
    portal = _portal()
    journal.record(portal, Gesture.CONTRAT_MANAGE, f"agence:{agence.id}", acte="effacement_debut")


def destroy_key(row: FinContrat) -> None:
    """The key first: from here on, nothing of the agence is read again, whatever happens to the steps that follow."""
    trousseau.record(trousseau.AGENCE, str(row.agence_id), dates.now())
    trousseau.destroy_key(row.agence_id)
    actor = _system(row.agence_id)
    CleAgence.objects.visible_to(actor).filter(agence_id=row.agence_id).delete()
    row.constat = {**row.constat, "cle_detruite_le": dates.now().isoformat(timespec="seconds")}
    row.save(update_fields=["constat"])


def empty_queue(row: FinContrat) -> None:
    """Jobs that name the agence, mails that wait, and what caches may have kept."""
    with connection.cursor() as cursor:
        cursor.execute(_FILE, {"agence": str(row.agence_id)})
    cache.clear()


def erase_files(row: FinContrat) -> None:
    """The vault's part, working folders, watched folders."""
    slug = str(unseal(row.adieux)["slug"]) if row.adieux else ""
    fichiers.erase(row.agence_id, slug)


def erase_rows(row: FinContrat) -> None:
    """Every table of the catalogue, children first; a transaction each, so that a large agence holds nobody up."""
    for nom in catalogue.deletion_order():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select palier_effacer_lignes(%s, %s)", [row.agence_id, nom])


def erase_agence(row: FinContrat) -> None:
    """The agence's own row: its name, its addresses. The foreign keys refuse while anything of it remains."""
    with connection.cursor() as cursor:
        cursor.execute("select palier_effacer_agence(%s)", [row.agence_id])


def certify(row: FinContrat) -> None:
    """Count again, sign, and leave one line in the portal's chain with the last hash of the agence's."""
    erase_rows(
        row
    )  # what came in meanwhile by a road without a foreign key (a mail's log, a line of the journal)
    _system(row.agence_id)
    after = {
        **catalogue.counts(row.agence_id),
        "agences_agence": Agence.objects.filter(id=row.agence_id).count(),
    }
    files, _size = fichiers.measure(row.agence_id)
    if catalogue.total(after) or files:
        raise RuntimeError(f"Something of agence {row.agence_id} remains: {after}, {files} files")
    numero = uuid5(row.id, "certificat")
    before = row.constat["lignes"]
    faits = {
        "format": certificat.FORMAT, "version": "1.0", "numero": str(numero), "installation": settings.SITE_URL,
        "agence": {"id": str(row.agence_id), "empreinte": row.constat["agence"]},
        "contrat": {"fin": row.fin.isoformat(), "efface_le": row.efface_le.isoformat()},
        "fait_le": dates.now().isoformat(timespec="seconds"),
        "cle": {"empreinte": row.constat["cle"], "detruite_le": row.constat["cle_detruite_le"]},
        "tables": {nom: {"avant": before.get(nom, 0), "apres": n} for nom, n in sorted(after.items())},
        "fichiers": {"avant": row.constat["fichiers"], "octets": row.constat["octets"], "apres": files},
        "comptes": len(orphans(row)), "journal": row.constat["journal"], "etapes": row.etapes,
    }  # fmt: skip
    contenu = certificat.canonical(faits)
    signature = certificat.sign(contenu)
    pdf = certificat.draw(numero, faits, signature)
    CertificatEffacement.objects.create(
        id=numero, agence_id=row.agence_id, fait_le=dates.now(), contenu=contenu, signature=signature, pdf=pdf,
        pdf_sha256=hashlib.sha256(pdf).hexdigest(),
    )  # fmt: skip
    journal.record(
        _portal(), Gesture.CONTRAT_MANAGE, f"agence:{row.agence_id}", acte="effacement", certificat=str(numero),
        chaine=row.constat["journal"], lignes=catalogue.total(before),
    )  # fmt: skip


def orphans(row: FinContrat) -> list[UUID]:
    """Return the accounts that held an accès or a place there and have none left anywhere."""
    found = []
    for text in row.comptes:
        account = Account.objects.filter(id=UUID(text)).first()
        if account is None or account.is_exploitant or getattr(account, "is_dpo", False):
            continue
        with connection.cursor() as cursor, transaction.atomic():
            enter(account.id)
            cursor.execute(
                "select exists (select 1 from acces_acces where account_id = %(a)s and detache_le is null) or exists "
                "(select 1 from agences_habilitation where account_id = %(a)s and revoquee_le is null)",
                {"a": account.id},
            )
            if not cursor.fetchone()[0]:
                found.append(account.id)
    return found


def close_accounts(row: FinContrat) -> None:
    """Delete the accounts left with nothing to open; each is told by its last mail."""
    for account_id in orphans(row):
        _close(account_id)
    row.comptes = []
    row.save(update_fields=["comptes"])


def _close(account_id: UUID) -> None:
    from palier.vie_privee.effacement.comptes import close_account

    with transaction.atomic():
        close_account(_portal(), account_id)


def say_goodbye(row: FinContrat) -> None:
    """Send the certificate's address to those who answered for the agence; then forget them."""
    told: dict[str, Any] = unseal(row.adieux) if row.adieux else {"a": {}, "nom": ""}
    numero = uuid5(row.id, "certificat")
    for address, langue in sorted(told["a"].items()):
        send_later(
            "certificat_effacement", to=address, langue=langue, agence=told["nom"], numero=str(numero),
            lien=f"{settings.SITE_URL}/certificats/{numero}",
        )  # fmt: skip
    row.adieux, row.termine_le = "", dates.now()
    row.save(update_fields=["adieux", "termine_le"])


ETAPES: tuple[tuple[str, Callable[[FinContrat], None]], ...] = (
    ("constat", take_stock),
    ("cle", destroy_key),
    ("file", empty_queue),
    ("fichiers", erase_files),
    ("lignes", erase_rows),
    ("agence", erase_agence),
    ("certificat", certify),
    ("comptes", close_accounts),
    ("adieux", say_goodbye),
)
# A step whose own transactions are many: only its end is written with the step's mark.
_LONGUES = frozenset({"lignes", "comptes"})


def is_due(agence_id: UUID) -> bool:
    """Tell whether the database lets this agence be erased now."""
    with connection.cursor() as cursor:
        cursor.execute("select palier_effacable(%s)", [agence_id])
        return bool(cursor.fetchone()[0])


def run(fin_id: UUID, watch: Callable[[str], Any] = lambda _step: None) -> CertificatEffacement:
    """Bring the erasure of an agence to its end, from wherever it stopped; return its certificate.

    Raises ``NotYet``. Two workers at once: the second waits for each step and finds it done.
    """
    for nom, step in ETAPES:
        with transaction.atomic(), writing(f"effacement.{nom}"):
            row = FinContrat.objects.select_for_update().get(id=fin_id)
            if row.annule_le is not None or not is_due(row.agence_id):
                raise NotYet
            if nom in row.etapes:
                continue
            if nom not in _LONGUES:
                _done(row, nom, step)
        if nom in _LONGUES:
            with writing(f"effacement.{nom}"):
                step(row)
            with transaction.atomic(), writing(f"effacement.{nom}"):
                _done(FinContrat.objects.select_for_update().get(id=fin_id), nom, lambda _row: None)
        watch(nom)
    return CertificatEffacement.objects.get(id=uuid5(fin_id, "certificat"))


def _done(row: FinContrat, nom: str, step: Callable[[FinContrat], None]) -> None:
    if nom in row.etapes:
        return
    step(row)
    row.etapes = {**row.etapes, nom: dates.now().isoformat(timespec="seconds")}
    row.save(update_fields=["etapes"])


__all__ = ["ETAPES", "NotYet", "is_due", "orphans", "run"]
