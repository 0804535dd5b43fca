"""Put a document on line for every co-owner of the agence that will leave and send the notices at once, as an import and the worker would.

Run as a process of its own: ``python -m tests.journeys.publier TITRE``.
"""

import os
import sys
import zlib

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main(titre: str) -> None:
    import django

    django.setup()
    from django.db import connection, transaction

    from palier.agences.cles import agence_key
    from palier.agences.models import Agence
    from palier.core.action import writing
    from palier.core.actor import Actor
    from palier.core.dates import today
    from palier.core.tenancy import open_actor
    from palier.courrier.avis import write_notices
    from palier.courrier.avis_envoi import tell_everywhere
    from palier.echanges.models import Source
    from palier.patrimoine.models import Copropriete
    from tests.factories import Maison

    agence = Agence.objects.get(slug="cabinet-partant")
    with transaction.atomic(), writing("fixtures"), connection.cursor() as cursor:
        Agence.objects.filter(id=agence.id).update(avis_delai_heures=0)
        actor = Actor.system(agence.id, "fixtures")
        open_actor(actor)
        source = Source.objects.visible_to(actor).filter(agence_id=agence.id).first()
        copro = Copropriete.objects.visible_to(actor).get(
            agence_id=agence.id, nom="Résidence des Martinets-Noirs"
        )
        maison = Maison(agence, agence_key(actor, agence.id), source.id, zlib.crc32(titre.encode()))  # type: ignore[union-attr]
        document = maison.document(titre, copro.cercle_id, categorie="pv_assemblee", le=today())
        cursor.execute(
            "create temp table avis_document on commit drop as select %s::uuid as id", [document.id]
        )
        write_notices(agence.id, agence.id, today())
    tell_everywhere()


if __name__ == "__main__":
    main(sys.argv[1])
