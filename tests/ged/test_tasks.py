"""The reading of files that nobody waits for."""

from palier.ged.models import Fichier
from palier.ged.tasks import analyse_agence, analyse_fichier
from tests.cast import Cast


def test_every_file_of_the_agence_is_read_once_and_of_no_other(cast: Cast) -> None:
    analyse_agence(agence_id=str(cast.a.agence.id))
    rows = Fichier.objects.visible_to(cast.system())
    assert rows.filter(analyse_le__isnull=True).count() == 0
    assert rows.filter(pages=1).exclude(texte="").count() == rows.count() > 0
    assert Fichier.objects.visible_to(cast.system(cast.b)).filter(analyse_le__isnull=False).count() == 0


def test_a_file_that_cannot_be_read_is_not_tried_again(cast: Cast) -> None:
    from palier.core.action import writing

    cast.system()
    with writing("test"):
        row = cast.a.document("Abîmé", cast.rows["copropriete"].cercle_id, content=b"%PDF-1.4 rien")
    analyse_fichier(agence_id=str(cast.a.agence.id), fichier_id=str(row.fichier_id))
    fichier = Fichier.objects.visible_to(cast.system()).get(id=row.fichier_id)
    assert (fichier.pages, fichier.texte) == (None, "")
    assert fichier.analyse_le is not None
