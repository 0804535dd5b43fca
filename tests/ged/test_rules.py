"""The rules of the documents: groups, the law's list, what is typed in the search box."""

from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from palier.ged.enums import Categorie, Groupe, libelle_categorie
from palier.ged.rules.groupes import ATTENDUS, GROUPES, article_de, articles_de, groupe_de, groupes_montres
from palier.ged.rules.recherche import mots, normalise, tsquery


def test_every_group_and_category_has_its_words() -> None:
    assert {*GROUPES, "autres"} == set(Groupe.values)
    assert {g for groups in ATTENDUS.values() for g in groups} <= set(Groupe.values)
    assert {c for c in Categorie.values if groupe_de(c) == "autres"} == {"autre"}
    assert libelle_categorie("note_de_service") == "Note de service"


def test_the_law_is_known_by_article() -> None:
    assert article_de("pv_assemblee") == "1er"
    assert article_de("appel_de_fonds") == "2"
    assert article_de("releve_bancaire") == "3"
    assert article_de("quittance") == ""
    assert articles_de("conseil") == ("3",)
    assert articles_de("courriers") == ()


def test_groupes_montres_hides_the_council_from_others() -> None:
    assert "conseil" not in groupes_montres("coproprietaire", False, {})
    assert "conseil" in groupes_montres("coproprietaire", True, {})
    assert groupes_montres("locataire", False, {"autres": 2})[-1] == "autres"


def test_tsquery_folds_accents_and_searches_the_last_word_by_its_beginning() -> None:
    assert tsquery("Procès-verbal de l’Assemblée") == "proces & verbal & de & l & assemblee:*"
    assert tsquery("  ' & | ! :* ( ") == ""
    assert mots("ŒUVRE façade N°12") == ["oeuvre", "facade", "n", "12"]


@given(texte=st.text(max_size=60))
def test_normalise_leaves_no_operator(texte: str) -> None:
    assert all(mot.isascii() and mot.isalnum() for mot in mots(texte))
    assert len(normalise(texte)) >= 0


def test_tsquery_is_always_valid_sql(db: None) -> None:
    @given(texte=st.text(max_size=40))
    def check(texte: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "select to_tsquery('french', %s) || to_tsquery('simple', %s)", [tsquery(texte)] * 2
            )

    check()
