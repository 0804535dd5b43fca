"""The texts shipped with Palier: published once each, filled with the installation's settings, or refused."""

from pathlib import Path

from django.conf import settings

from palier.core.action import writing
from palier.core.dates import now, today
from palier.vie_privee.annonces import forget
from palier.vie_privee.enums import GenreTexte
from palier.vie_privee.models import TexteLegal
from palier.vie_privee.queries import lacks
from palier.vie_privee.rules.textes import empreinte, fill

TEXTES = Path(__file__).with_name("textes")
VERSION = "1.0"


def shipped(genre: str, langue: str) -> tuple[str, str]:
    """Return the title and the text, {fields} to fill, of a shipped legal text."""
    titre, _, corps = (TEXTES / f"{genre}-{VERSION}.{langue}.md").read_text("utf-8").partition("\n")
    return titre.removeprefix("# ").strip(), corps.strip()


def missing() -> list[str]:
    """Return the settings that the shipped texts need and that the installation leaves empty."""
    texts = "".join("".join(shipped(g, langue)) for g in GenreTexte.values for langue in ("fr", "en"))
    return lacks(texts)


def publish_shipped() -> list[str]:
    """Publish the shipped text of each kind that has no version yet; return the kinds published.

    Raises ValueError naming the settings that are missing: nothing is published then.
    """
    complete = TexteLegal.objects.filter(publie_le__isnull=False)
    present = set(complete.order_by("genre").values_list("genre", flat=True))
    wanted = [genre for genre in GenreTexte.values if genre not in present]
    absent = missing() if wanted else []
    if absent:
        raise ValueError(", ".join(absent))
    moment = now()
    with writing("textes livrés"):
        for genre in wanted:
            for langue in ("fr", "en"):
                titre, modele = shipped(genre, langue)
                corps = fill(modele, settings.EXPLOITANT)
                TexteLegal.objects.create(
                    genre=genre, langue=langue, version=VERSION, titre=titre, corps=corps, modele=modele,
                    empreinte=empreinte(titre, corps), en_vigueur_le=today(), publie_le=moment,
                )  # fmt: skip
    forget()
    return wanted
