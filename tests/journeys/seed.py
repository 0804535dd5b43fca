"""Fills the journeys' database with the cast and prints, as JSON, what a journey needs to know.

Run as a process of its own: ``python -m tests.journeys.seed``. With ``--accessoires``, an object is built behind each
address that names one, and the addresses are told by their route.
"""

import json
import os
import sys
from datetime import date
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    import django

    django.setup()
    from django.db import transaction

    from palier.acces.codes import issue_code
    from palier.acces.droits import recompute
    from palier.acces.models import Acces
    from palier.core.action import writing
    from tests.cast import build_cast
    from tests.factories import make_account, make_agence

    with transaction.atomic():
        cast = build_cast()
    codes = {}
    with transaction.atomic(), writing("fixtures"):
        cast.system(cast.b)
        tiers = cast.b.tiers("M.", "Denis", "Sanscode")
        compte = cast.b.compte("locataire", "SANSCODE Denis")
        cast.b.titre(compte, tiers)
        cast.b.document("CANARI-B-DENIS avis", compte.cercle_id, portee="compte", audience="compte")
        recompute(cast.b.agence.id)
        held_b = Acces.objects.unguarded("fixtures").get(agence_id=cast.b.agence.id, tiers_id=tiers.id)
        codes["b"] = issue_code(cast.system(cast.b), held_b.id)
        actor = cast.system(cast.a)
        held_a = Acces.objects.unguarded("fixtures").get(
            agence_id=cast.a.agence.id, tiers_id=cast.rows["tiers"]["denis"].id
        )
        cast.a.detention(cast.rows["lots"][1], cast.rows["comptes"]["denis"], date(2020, 1, 1))
        recompute(cast.a.agence.id)
        codes["a"] = issue_code(actor, held_a.id)
    with transaction.atomic(), writing("fixtures"):
        # An agence of its own, whose contract a journey ends: nobody else's journey is touched.
        partante = make_agence("cabinet-partant", "Cabinet Partant-Loriot", "#444444")
        copro = partante.copropriete("Résidence des Martinets-Noirs")
        immeuble = partante.immeuble(copro, "rue des Martinets")
        clients = {
            "odile": partante.tiers("Mme", "Odile", "Zélande-Kerfourn", "odile@poste.example"),
            "ignace": partante.tiers("M.", "Ignace", "Vautrin-Locmaria", "ignace@poste.example"),
        }
        for rank, tiers in enumerate(clients.values(), start=1):
            compte = partante.compte("coproprietaire", f"{tiers.nom.upper()} {tiers.prenom}", copro, "77.77")
            partante.titre(compte, tiers)
            partante.detention(partante.lot(immeuble, str(rank)), compte, date(2019, 1, 1))
        partante.document("CANARI-PARTANT procès-verbal", copro.cercle_id, categorie="pv_assemblee")
        recompute(partante.agence.id)
        for name, tiers in clients.items():
            partante.attach(tiers, make_account(f"{name}@courriel.example"))
        partante.staff(make_account("patronne@courriel.example"), "Sidonie Patronne", "administrateur")
    facts = {
        "codes": {name: [code.identifiant, code.secret] for name, code in codes.items()},
        "espaces": {name: str(espace.id) for name, espace in cast.espaces.items()},
        "documents": {name: str(document.id) for name, document in cast.documents.items()},
        "acces": {name: str(acces.id) for name, acces in cast.acces.items()},
        "tiers": {name: str(tiers.id) for name, tiers in cast.rows["tiers"].items()},
    }
    if "--accessoires" in sys.argv:
        from tests.accessoires import build_props
        from tests.test_acces import addresses

        with transaction.atomic():
            props = build_props(cast, Path(os.environ["PALIER_DATA"]) / "accessoires")
            facts["adresses"] = dict(addresses(cast, props))
    json.dump(facts, sys.stdout)


if __name__ == "__main__":
    main()
