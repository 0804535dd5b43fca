"""Writes of the legal texts: drafts, publication, who accepted or read which version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from django.utils.translation import gettext as _

from palier.accounts.models import Account
from palier.core import journal
from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.dates import date_simple, now, today
from palier.core.errors import BusinessError
from palier.vie_privee.annonces import forget
from palier.vie_privee.enums import GenreTexte, NatureAcceptation
from palier.vie_privee.models import Acceptation, BrouillonTexte, NoticeAgence, TexteLegal
from palier.vie_privee.queries import lacks, text_in_force
from palier.vie_privee.rules.textes import blocks, empreinte, fill, placeholders, sections

LONGUEUR_MAX = 200_000
LANGUES = ("fr", "en")


@action(Gesture.PUBLIC_ONLY)
def record_acceptances(actor: Actor, account_id: UUID, textes: Sequence[UUID]) -> None:
    """Record that an account accepted the CGU, and read the other texts, in these versions; again changes nothing."""
    found = list(TexteLegal.objects.filter(id__in=textes).order_by("id"))
    moment = now()
    known = set(Acceptation.objects.filter(account_id=account_id).values_list("texte_id", flat=True))
    Acceptation.objects.bulk_create(
        [
            Acceptation(account_id=account_id, texte=texte, le=moment, nature=_nature(texte))
            for texte in found
            if texte.id not in known
        ],
        ignore_conflicts=True,
    )
    accepted = [t.publie_le for t in found if t.genre == GenreTexte.CGU and t.publie_le]
    facts: dict[str, datetime] = {"textes_lus_le": moment}
    if accepted:
        facts["cgu_publiees_le"] = max(accepted)
    Account.objects.filter(pk=account_id).update(**facts)


def _nature(texte: TexteLegal) -> str:
    return NatureAcceptation.ACCEPTE if texte.genre == GenreTexte.CGU else NatureAcceptation.LU


@action(Gesture.ACCOUNT)
def accept_cgu(actor: Actor, texte_id: UUID) -> None:
    """The person accepts the CGU in force. Raises BusinessError when they changed since the page was shown."""
    texte = TexteLegal.objects.filter(id=texte_id, genre=GenreTexte.CGU).first()
    present = None if texte is None else text_in_force(GenreTexte.CGU, texte.langue)
    if texte is None or present is None or present.version != texte.version or actor.account_id is None:
        raise BusinessError(
            "cgu_changees",
            _("Ces conditions ont changé entre-temps : lisez la version en vigueur."),
            status=409,
        )
    record_acceptances(actor, actor.account_id, [texte.id])
    journal.record(actor, Gesture.ACCOUNT, f"texte:{texte.id}", acte="cgu_acceptees", version=texte.version)


@action(Gesture.ACCOUNT)
def mark_texts_read(actor: Actor) -> None:
    """The person has read the notices of changes: they are shown no more, and the reading is kept as a proof."""
    if actor.account_id is None:
        return
    account = Account.objects.get(pk=actor.account_id)
    since = account.textes_lus_le or account.created_le
    rows = TexteLegal.objects.filter(important=True, publie_le__gt=since, langue=account.langue)
    read = [t.id for t in rows.exclude(genre=GenreTexte.CGU).order_by("id")]
    if read:
        record_acceptances(actor, account.pk, read)
    Account.objects.filter(pk=account.pk).update(textes_lus_le=now())


@action(Gesture.TEXTE_PUBLISH)
def save_draft(
    actor: Actor, genre: str, *, titre_fr: str, corps_fr: str, titre_en: str, corps_en: str
) -> BrouillonTexte:
    """Keep the next version of a text as it is being written. Raises BusinessError when it cannot be read as a text."""
    for corps in (corps_fr, corps_en):
        check_body(corps)
    row, _created = BrouillonTexte.objects.update_or_create(
        genre=genre,
        defaults={
            "titre_fr": titre_fr, "corps_fr": corps_fr, "titre_en": titre_en, "corps_en": corps_en,
            "modifie_le": now(), "modifie_par": actor.account_id,
        },
    )  # fmt: skip
    journal.record(actor, Gesture.TEXTE_PUBLISH, f"texte:{genre}", acte="brouillon")
    return row


@action(Gesture.TEXTE_PUBLISH)
def drop_draft(actor: Actor, genre: str) -> None:
    """Forget what was being written of a text; what is published stays."""
    BrouillonTexte.objects.filter(genre=genre).delete()
    journal.record(actor, Gesture.TEXTE_PUBLISH, f"texte:{genre}", acte="brouillon_abandonne")


def check_body(corps: str) -> None:
    """Raise BusinessError unless ``corps`` is made of titled sections."""
    if len(corps) > LONGUEUR_MAX:
        raise BusinessError("texte_trop_long", _("Ce texte dépasse 200 000 caractères."))
    if not sections(corps) or not blocks(corps)[0].startswith("## "):
        raise BusinessError(
            "texte_sans_section",
            _("Un texte commence par une ligne « ## » suivie du titre de sa première section."),
        )


@dataclass(frozen=True, slots=True)
class Publication:
    """What the exploitant decides when he publishes a draft."""

    version: str
    en_vigueur_le: date
    important: bool = False
    resume_fr: str = ""
    resume_en: str = ""
    prevenir: bool = False


@action(Gesture.TEXTE_PUBLISH)
def publish_text(actor: Actor, genre: str, choix: Publication) -> TexteLegal:
    """Publish the draft of a text in both languages, its fields filled; return the French version.

    Raises BusinessError when a setting of the installation or a word is missing, when the version exists, when the
    date is past, or when a material change says nothing of what changes.
    """
    draft = BrouillonTexte.objects.select_for_update().filter(genre=genre).first()
    if draft is None:
        raise BusinessError("texte_sans_brouillon", _("Il n’y a pas de brouillon à publier."), status=409)
    _judge(genre, draft, choix)
    moment = now()
    rows = [
        _published(
            genre, langue, choix, titre=titre, modele=corps, resume=resume, le=moment, par=actor.account_id
        )
        for langue, titre, corps, resume in (
            ("fr", draft.titre_fr, draft.corps_fr, choix.resume_fr),
            ("en", draft.titre_en, draft.corps_en, choix.resume_en),
        )
    ]
    TexteLegal.objects.bulk_create(rows)
    draft.delete()
    forget()
    if choix.important and choix.prevenir:
        _tell_everybody(rows[0].id)
    journal.record(
        actor, Gesture.TEXTE_PUBLISH, f"texte:{genre}", acte="publication", version=choix.version,
        en_vigueur_le=choix.en_vigueur_le, important=choix.important, empreinte=rows[0].empreinte,
    )  # fmt: skip
    return rows[0]


def _judge(genre: str, draft: BrouillonTexte, choix: Publication) -> None:
    absent = lacks(draft.titre_fr + draft.corps_fr + draft.titre_en + draft.corps_en)
    if absent:
        raise BusinessError(
            "texte_incomplet",
            _("Ce texte ne peut pas être publié : il manque %(champs)s. Renseignez-les dans les réglages de l’installation, "
              "ou corrigez le texte.") % {"champs": ", ".join(absent)},
        )  # fmt: skip
    if TexteLegal.objects.filter(genre=genre, version=choix.version).exists():
        raise BusinessError(
            "version_existante",
            _("La version %(version)s existe déjà : une version publiée ne change plus.")
            % {"version": choix.version},
            status=409,
        )
    if choix.en_vigueur_le < today():
        raise BusinessError(
            "date_passee", _("La date d’effet est passée : un texte ne s’applique pas avant d’être publié.")
        )
    last = TexteLegal.objects.filter(genre=genre).aggregate(le=Max("en_vigueur_le"))["le"]
    if last is not None and choix.en_vigueur_le < last:
        raise BusinessError(
            "date_avant_la_derniere",
            _("Une version publiée prend effet le %(jour)s : celle-ci ne peut pas prendre effet avant.")
            % {"jour": date_simple(last)},
        )
    if choix.important and not (choix.resume_fr.strip() and choix.resume_en.strip()):
        raise BusinessError(
            "resume_absent",
            _(
                "Un changement important s’annonce : dites en quelques mots ce qui change, en français et en anglais."
            ),
        )


def _published(
    genre: str,
    langue: str,
    choix: Publication,
    *,
    titre: str,
    modele: str,
    resume: str,
    le: datetime,
    par: UUID | None,
) -> TexteLegal:
    corps = fill(modele, settings.EXPLOITANT)
    return TexteLegal(
        genre=genre, langue=langue, version=choix.version, titre=titre, corps=corps, modele=modele,
        empreinte=empreinte(titre, corps), en_vigueur_le=choix.en_vigueur_le, publie_le=le, publie_par=par,
        important=choix.important, resume=resume.strip(),
    )  # fmt: skip


def _tell_everybody(texte_id: UUID) -> None:
    from procrastinate.contrib.django import app

    app.configure_task("vie_privee.prevenir", queue="courrier").defer(texte_id=str(texte_id), apres="")


@action(Gesture.AGENCE_SETTINGS)
def publish_notice(actor: Actor, corps: str) -> NoticeAgence:
    """Publish the next version of the agence's information notice (RGPD art. 13 and 14).

    Raises BusinessError when it is not made of titled sections, or when a placeholder is left in it.
    """
    check_body(corps)
    forgotten = placeholders(corps)
    if forgotten:
        raise BusinessError(
            "notice_incomplete",
            _("Il reste à compléter : %(mots)s.") % {"mots": ", ".join(f"« {m} »" for m in forgotten)},
        )
    rows = NoticeAgence.objects.visible_to(actor).filter(agence_id=actor.agence_id)
    last = rows.aggregate(n=Max("version"))["n"] or 0
    notice: NoticeAgence = NoticeAgence.objects.create(
        agence_id=actor.agence_id, version=last + 1, corps=corps.strip(), empreinte=empreinte("", corps.strip()),
        publiee_le=now(), publiee_par=actor.account_id,
    )  # fmt: skip
    journal.record(
        actor,
        Gesture.AGENCE_SETTINGS,
        f"notice:{notice.id}",
        agence_id=actor.agence_id,
        version=notice.version,
    )
    return notice
