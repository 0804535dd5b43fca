"""Reads of the legal texts: the version in force, past and coming versions, who accepted what."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max

from palier.accounts.models import Account
from palier.core.actor import Actor
from palier.core.dates import today
from palier.vie_privee.enums import GenreTexte, NatureAcceptation
from palier.vie_privee.models import Acceptation, BrouillonTexte, NoticeAgence, TexteLegal
from palier.vie_privee.rules.textes import Section, missing_fields, placeholders, sections


@dataclass(frozen=True, slots=True)
class TexteLu:
    """A text as a page shows it."""

    genre: str
    titre: str
    version: str
    en_vigueur_le: date
    empreinte: str
    sections: list[Section]


@dataclass(frozen=True, slots=True)
class EtatTexte:
    """Where a text stands, for the exploitant: its version in force, the coming one, its draft, what it lacks."""

    genre: str
    libelle: str
    en_vigueur: TexteLegal | None
    a_venir: TexteLegal | None
    brouillon: BrouillonTexte | None
    manques: list[str]


def text_in_force(genre: str, langue: str) -> TexteLegal | None:
    """Return the version in force today, in French when the language has none."""
    rows = TexteLegal.objects.filter(genre=genre, en_vigueur_le__lte=today())
    ordered = rows.order_by("-en_vigueur_le", "-publie_le", "-version")
    return ordered.filter(langue=langue).first() or ordered.filter(langue="fr").first()


def versions(genre: str, langue: str) -> list[TexteLegal]:
    """Return every published version of a text, the newest first, those to come included."""
    rows = TexteLegal.objects.filter(genre=genre, langue=langue)
    return list(rows.order_by("-en_vigueur_le", "-publie_le", "-version"))


def version(genre: str, langue: str, numero: str) -> TexteLegal | None:
    """Return one published version of a text."""
    return TexteLegal.objects.filter(genre=genre, langue=langue, version=numero).first()


def read_text(texte: TexteLegal) -> TexteLu:
    """Cut a published text into sections."""
    return TexteLu(
        texte.genre, texte.titre, texte.version, texte.en_vigueur_le, texte.empreinte, sections(texte.corps)
    )


def states() -> list[EtatTexte]:
    """Return where each legal text stands. Three queries."""
    drafts = {d.genre: d for d in BrouillonTexte.objects.order_by("genre")}
    newest: dict[str, list[TexteLegal]] = {}
    rows = TexteLegal.objects.filter(langue="fr").order_by("-en_vigueur_le", "-publie_le", "-version")
    for texte in rows:
        newest.setdefault(texte.genre, []).append(texte)
    found = []
    for genre, libelle in GenreTexte.choices:
        all_of = newest.get(genre, [])
        current = next((t for t in all_of if t.en_vigueur_le <= today()), None)
        coming = next((t for t in all_of if t.en_vigueur_le > today()), None)
        draft = drafts.get(genre)
        corps = draft.corps_fr + draft.corps_en if draft else (current.modele if current else "")
        found.append(EtatTexte(genre, str(libelle), current, coming, draft, lacks(corps)))
    return found


def lacks(corps: str) -> list[str]:
    """Return what stops a text from being published: settings left empty, placeholders left in its words."""
    return missing_fields(corps, settings.EXPLOITANT) + placeholders(corps)


@dataclass(frozen=True, slots=True)
class Preuve:
    """Who accepted or read what, when, which words (hash)."""

    account_id: UUID
    email: str
    genre: str
    langue: str
    version: str
    empreinte: str
    nature: str
    le: datetime


def proofs(*, email: str = "", genre: str = "", numero: str = "") -> list[Preuve]:
    """Return the acceptances of an account (exact e-mail) or of a version, the newest first. Two queries.

    The e-mail is empty when the account was deleted since.
    """
    rows = Acceptation.objects.select_related("texte").order_by("-le", "id")
    if email:
        rows = rows.filter(account_id__in=Account.objects.filter(email=email.lower()).values("id"))
    if genre:
        rows = rows.filter(texte__genre=genre)
    if numero:
        rows = rows.filter(texte__version=numero)
    found = list(rows)
    emails = dict(Account.objects.filter(id__in={r.account_id for r in found}).values_list("id", "email"))
    return [
        Preuve(
            r.account_id, emails.get(r.account_id, ""), r.texte.genre, r.texte.langue, r.texte.version,
            r.texte.empreinte, r.nature, r.le,
        )
        for r in found
    ]  # fmt: skip


def counts() -> list[tuple[str, str, str, int, datetime]]:
    """Return, for each version, its nature, how many accounts accepted or read it, and when last."""
    rows = (
        Acceptation.objects.values_list("texte__genre", "texte__version", "nature")
        .annotate(nombre=Count("account_id", distinct=True), dernier=Max("le"))
        .order_by("texte__genre", "-texte__version", "nature")
    )
    return [(g, v, str(NatureAcceptation(n).label), c, le) for g, v, n, c, le in rows]


def agency_notice(actor: Actor, agence_id: UUID) -> NoticeAgence | None:
    """Return the information notice that the agence has published last, if any."""
    rows = NoticeAgence.objects.visible_to(actor).filter(agence_id=agence_id)
    found: NoticeAgence | None = rows.order_by("-version").first()
    return found
