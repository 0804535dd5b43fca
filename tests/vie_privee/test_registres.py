"""The registers of art. 30 come from the code, and miss no table."""

from django.apps import apps

from palier.core.traitements import Qualite
from palier.vie_privee.devoirs.registres import covers, head, of, sections, to_csv, traitements

_TECHNIQUES = {
    "auth",
    "contenttypes",
    "procrastinate",
}  # no personal data: rights we do not use, the queue's sealed jobs


def test_every_table_belongs_to_a_declared_processing() -> None:
    missing = [
        label
        for model in apps.get_models()
        if (label := f"{model._meta.app_label}.{model.__name__}").partition(".")[0] not in _TECHNIQUES
        and not any(covers(t, label) for t in traitements())
    ]
    assert missing == []


def test_no_declaration_names_a_table_that_does_not_exist() -> None:
    real = {f"{m._meta.app_label}.{m.__name__}" for m in apps.get_models()}
    named = {t for traitement in traitements() for t in traitement.tables if not t.endswith(".*")}
    assert named - real == set()


def test_keys_are_unique_and_every_field_is_said() -> None:
    assert len({t.cle for t in traitements()}) == len(traitements())
    for t in traitements():
        assert all((t.nom, t.finalite, t.base, t.personnes, t.donnees, t.destinataires, t.duree)), t.cle


def test_each_register_is_written_in_full() -> None:
    for qualite in Qualite:
        rows = of(qualite)
        text = " ".join(str(s) for s in sections(rows, en_tete=head(qualite, "Cabinet A")))
        assert rows
        assert all(t.nom in text for t in rows)
        assert to_csv(rows).decode("utf-8-sig").count("\r\n") == len(rows) + 1
