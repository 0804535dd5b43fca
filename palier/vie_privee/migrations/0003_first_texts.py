"""The first version of each legal text, French and English. A later version is a new file and a new migration."""

import hashlib
from datetime import date
from pathlib import Path

from django.db import migrations

TEXTES = Path(__file__).resolve().parent.parent / "textes"
VERSION, DATE = "1.0", date(2026, 11, 1)
GENRES = ("cgu", "confidentialite", "cookies", "mentions")


def publish(apps, schema_editor):
    """Insert the texts; the first line of a file is its title."""
    texte_legal = apps.get_model("vie_privee", "TexteLegal")
    for genre in GENRES:
        for langue in ("fr", "en"):
            titre, _, corps = (TEXTES / f"{genre}-{VERSION}.{langue}.md").read_text("utf-8").partition("\n")
            corps = corps.strip()
            texte_legal.objects.create(
                genre=genre,
                langue=langue,
                version=VERSION,
                titre=titre.removeprefix("# ").strip(),
                corps=corps,
                empreinte=hashlib.sha256(f"{titre}\n{corps}".encode()).hexdigest(),
                en_vigueur_le=DATE,
            )


class Migration(migrations.Migration):
    dependencies = [("vie_privee", "0002_floor")]
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
