"""A gestionnaire kept to a portfolio: outside it, nothing exists — in the pages, in Python, and by raw SQL."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from palier.acces.models import Acces, CodeAcces, Espace
from palier.agences.actions_habilitations import (
    add_unit,
    close_for_all,
    close_for_member,
    follow_whole_agence,
    remove_unit,
    restrict,
)
from palier.agences.models import Habilitation
from palier.comptabilite.models import Echeance
from palier.core.access import Gesture, may
from palier.core.action import writing
from palier.core.actor import Actor
from palier.core.errors import BusinessError, Forbidden, Invisible
from palier.core.portefeuille import SUIVIS
from palier.core.tenancy import open_actor
from palier.ged.models import Document
from palier.patrimoine.models import CompteClient, Copropriete, Lot, Tiers
from tests.cast import Cast

pytestmark = pytest.mark.django_db

#: Tables of an agence that tell of no unit: its own facts, its contract, its staff. A new table is added here, or to
#: ``core.portefeuille.SUIVIS``.
DE_L_AGENCE = {
    "acces_cercle",
    "agences_cleagence",
    "agences_habilitation",
    "agences_invitationequipe",
    "agences_logo",
    "agences_pointcontact",
    "agences_restrictionagence",
    "echanges_flux",
    "echanges_fraicheur",
    "echanges_import",
    "echanges_source",
    "retours_consentementpropose",
    "vie_privee_assistance",
    "vie_privee_audienceagence",
    "vie_privee_incidentagence",
    "vie_privee_instruction",
    "vie_privee_noticeagence",
    "vie_privee_obligation",
    "vie_privee_opposition",
}


def gaston(cast: Cast) -> UUID:
    """Return the habilitation of Gaston."""
    rows = Habilitation.objects.visible_to(cast.staff("adele"))
    found: UUID = rows.get(account_id=cast.accounts["gaston"].pk).id
    return found


def keep(cast: Cast, *units: UUID) -> Actor:
    """Keep Gaston to ``units`` and return him as staff."""
    admin = cast.staff("adele")
    restrict(admin, gaston(cast))
    for unit in units:
        add_unit(cast.staff("adele"), gaston(cast), unit)
    return cast.staff("gaston")


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {table}")
        return int(cursor.fetchone()[0])


def rows(sql: str, *params: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def test_every_table_of_an_agence_says_how_a_portfolio_reads_it(cast: Cast) -> None:
    secured = set(
        rows(
            "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'public' and c.relrowsecurity and c.relkind in ('r', 'p')"
        )
    )
    restricted = set(rows("select tablename from pg_policies where policyname like '%%_portefeuille'"))
    assert restricted == set(SUIVIS)
    assert secured - restricted == DE_L_AGENCE


def test_his_unit_and_nothing_else(cast: Cast) -> None:
    copro = cast.rows["copropriete"].id
    actor = keep(cast, copro)
    assert actor.portefeuille == frozenset({copro})
    assert {c.id for c in Copropriete.objects.visible_to(actor)} == {copro}
    assert Lot.objects.visible_to(actor).count() == 3
    names = set(Tiers.objects.visible_to(actor).values_list("prenom", flat=True))
    assert names == {"Claire", "Conrad", "Fabien", "Denis"}  # Béatrice, Léo and Anna are of the mandate
    held = {cast.acces[n].id for n in ("claire", "conrad", "fabien")}
    assert held <= set(Acces.objects.visible_to(actor).values_list("id", flat=True))
    assert cast.acces["leo"].id not in set(Acces.objects.visible_to(actor).values_list("id", flat=True))
    assert cast.espaces["leo"].id not in set(Espace.objects.visible_to(actor).values_list("id", flat=True))


def test_an_empty_portfolio_sees_no_person(cast: Cast) -> None:
    actor = keep(cast)
    for model in (Tiers, Acces, Espace, CodeAcces, CompteClient, Lot, Echeance):
        assert model.objects.visible_to(actor).count() == 0, model
    for table in ("patrimoine_tiers", "acces_acces", "acces_espace", "acces_droit", "patrimoine_lot",
                  "comptabilite_mouvement", "patrimoine_comptetiers", "ged_lecture"):  # fmt: skip
        assert count(table) == 0, table


def test_raw_sql_sees_what_the_pages_see(cast: Cast) -> None:
    mandat = cast.rows["mandat"].id
    actor = keep(cast, mandat)
    open_actor(actor)
    for table, suivi in SUIVIS.items():
        with connection.cursor() as cursor:
            cursor.execute(f"select * from {table} limit 5")  # no policy recurses nor fails
        if suivi == "ferme":
            assert count(table) == 0, table
    assert rows("select distinct id from patrimoine_copropriete") == []
    assert rows("select nom from patrimoine_tiers where nom = 'Lefèvre'") == []
    assert rows("select id from patrimoine_mandatgerance") == [mandat]
    assert count("comptabilite_echeance") == 0
    # Nor does he write there: his update reaches no row, his insert is refused.
    update = "update acces_acces set email_partage = 'vol@courriel.example' where id = %s"
    with writing("attaque"), connection.cursor() as cursor:
        cursor.execute(update, [cast.acces["claire"].id])
        assert cursor.rowcount == 0


def test_documents_within_the_portfolio(cast: Cast) -> None:
    whole = Document.objects.visible_to(cast.staff("gaston")).count()
    actor = keep(cast)
    seen = list(Document.objects.visible_to(actor))
    assert whole > len(seen)
    assert all(row.audience == "interne" and row.unite_id == row.agence_id for row in seen)


def test_the_pages_answer_404_outside_and_hide_the_doors(cast: Cast) -> None:
    keep(cast, cast.rows["copropriete"].id)
    client = cast.client("gaston")
    base = "/g/cabinet-a"
    assert client.get(f"{base}/personnes/{cast.acces['claire'].id}").status_code == 200
    assert client.get(f"{base}/personnes/{cast.acces['leo'].id}").status_code == 404
    assert client.post(f"{base}/personnes/{cast.acces['leo'].id}/voir").status_code == 404
    assert client.get(f"{base}/documents/{cast.documents['leo'].id}").status_code == 404
    found = client.get(f"{base}/personnes").content.decode()
    assert "Lefèvre" in found and "Garnier" not in found
    home = client.get(f"{base}/").content.decode()
    assert f"{base}/imports" not in home and f"{base}/connecteurs" not in home
    assert client.get(f"{base}/imports").status_code == 403
    assert client.get(f"{base}/connecteurs/").status_code == 403
    for page in ("", "plus", "personnes", "documents", "codes", "retours", "equipe", "journal"):
        assert client.get(f"{base}/{page}").status_code == 200, page
    assert client.get(f"{base}/journal?verifier=1").status_code == 200


def test_viewing_as_shows_only_the_followed_title(cast: Cast) -> None:
    keep(cast, cast.rows["copropriete"].id)
    client = cast.client("gaston")
    answer = client.post(f"/g/cabinet-a/personnes/{cast.acces['claire'].id}/voir", follow=True)
    assert answer.status_code == 200
    other = client.get(f"/g/cabinet-a/vue/{cast.espaces['leo'].id}/")
    assert other.status_code == 404


def test_an_administrator_and_a_task_are_not_restricted(cast: Cast) -> None:
    keep(cast)
    assert Tiers.objects.visible_to(cast.staff("adele")).count() == 7
    assert Tiers.objects.visible_to(cast.system()).count() == 7
    assert Tiers.objects.visible_to(cast.actor("claire")).count() == 2  # herself, at A and at B
    with pytest.raises(BusinessError):
        admin = Habilitation.objects.visible_to(cast.staff("adele")).get(account_id=cast.accounts["adele"].pk)
        restrict(cast.staff("adele"), admin.id)


def test_the_last_unit_leaves_nothing_never_the_whole(cast: Cast) -> None:
    copro = cast.rows["copropriete"].id
    keep(cast, copro)
    remove_unit(cast.staff("adele"), gaston(cast), copro)
    assert cast.staff("gaston").portefeuille == frozenset()
    follow_whole_agence(cast.staff("adele"), gaston(cast))
    assert cast.staff("gaston").portefeuille is None


def test_only_the_administrator_of_this_agence_and_its_units(cast: Cast) -> None:
    held = gaston(cast)
    with pytest.raises(Forbidden):
        restrict(cast.staff("gaston"), held)
    with pytest.raises((Forbidden, Invisible)):
        restrict(cast.staff("bruno", cast.b), held)
    other = Copropriete.objects.visible_to(cast.system(cast.b)).get().id
    with pytest.raises(Invisible):
        add_unit(cast.staff("adele"), held, other)
    for name, expected in (("gaston", 403), ("bruno", 404), ("charlie", 404), ("edgar", 404)):
        answer = cast.client(name).get(f"/g/cabinet-a/equipe/{held}/habilitation")
        assert answer.status_code == expected, name


def test_the_page_of_a_member(cast: Cast) -> None:
    held = gaston(cast)
    address = f"/g/cabinet-a/equipe/{held}/habilitation"
    client = cast.client("adele")
    assert "toute l’agence" in client.get(address).content.decode()
    client.post(address, {"acte": "restreindre"})
    assert "Le portefeuille est vide" in client.get(address).content.decode()
    found = client.get(f"{address}?q=tilleuls").content.decode()
    assert "Résidence Les Tilleuls" in found and "Résidence Autre" not in found
    client.post(address, {"acte": "ajouter", "unite": str(cast.rows["copropriete"].id)})
    assert cast.staff("gaston").portefeuille == frozenset({cast.rows["copropriete"].id})
    assert client.post(address, {"acte": "ajouter", "unite": "pas-un-uuid"}).status_code == 302
    client.post(address, {"acte": "retirer", "unite": str(cast.rows["copropriete"].id)})
    client.post(address, {"acte": "tout"})
    assert cast.staff("gaston").portefeuille is None


def test_gestures_closed_for_one_and_for_all(cast: Cast) -> None:
    held = gaston(cast)
    close_for_member(cast.staff("adele"), held, {"codes", "voir_comme"})
    actor = cast.staff("gaston")
    assert not may(actor, Gesture.CODE_ISSUE) and not may(actor, Gesture.VIEW_AS)
    assert may(actor, Gesture.ACCES_DISSOCIATE)
    client, person = cast.client("gaston"), f"/g/cabinet-a/personnes/{cast.acces['claire'].id}"
    assert client.post(f"{person}/voir").status_code == 403
    assert client.post(f"{person}/code/lettre").status_code == 403
    page = client.get(person).content.decode()
    assert "/voir" not in page and "/dissocier" in page
    close_for_all(cast.staff("adele"), {"dissocier"})
    assert not may(cast.staff("gaston"), Gesture.ACCES_DISSOCIATE)
    assert client.get(f"{person}/dissocier").status_code == 403
    assert may(cast.staff("adele"), Gesture.ACCES_DISSOCIATE)
    assert may(cast.staff("bruno", cast.b), Gesture.ACCES_DISSOCIATE)


def test_closing_the_gesture_closes_the_views_already_open(cast: Cast) -> None:
    client, view = cast.client("gaston"), f"/g/cabinet-a/vue/{cast.espace_id('claire')}/"
    person = f"/g/cabinet-a/personnes/{cast.acces['claire'].id}"
    client.post(f"{person}/voir")
    assert client.get(view).status_code == 200
    close_for_member(cast.staff("adele"), gaston(cast), {"voir_comme"})
    for page in ("", "documents", f"documents/{cast.documents['claire'].id}/telecharger"):
        assert client.get(view + page).status_code == 403
    assert client.post(reverse("vue_comme_fin"))["Location"] == person
    close_for_member(cast.staff("adele"), gaston(cast), set())
    assert client.get(view).status_code == 404  # left meanwhile: opened anew, or not at all


def test_the_pages_of_gestures(cast: Cast) -> None:
    client, held = cast.client("adele"), gaston(cast)
    ouverts = ["dissocier", "voir_comme", "importer", "confirmer", "retours", "connecteurs"]
    client.post("/g/cabinet-a/equipe/gestes", {"ouverts": ouverts})
    assert cast.staff("gaston").fermes == {Gesture.CODE_ISSUE, Gesture.CODE_REVOKE}
    client.post(f"/g/cabinet-a/equipe/{held}/habilitation", {"acte": "gestes", "ouverts": ["codes"]})
    assert not may(cast.staff("gaston"), Gesture.IMPORT_RUN)
    assert client.get(f"/g/cabinet-a/equipe/{held}/habilitation").status_code == 200
    assert client.get("/g/cabinet-a/equipe/gestes").status_code == 200
