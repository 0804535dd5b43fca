"""The steps of a running import: kept in French, told in the language of the person who looks."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

LECTURE = _("lecture de %(table)s")
RELATIONS = _("contrôle des relations")
MONTANTS = _("contrôle des montants et des droits")
DOCUMENTS = _("contrôle des documents")
CONTROLE_FINI = _("contrôle terminé")
DEPOT = _("dépôt des documents")
PREPARATION = _("préparation de la mise en ligne")
ECRITURE = _("mise en ligne des données")
DROITS = _("mise à jour des droits")
ETAPES = frozenset(
    {RELATIONS, MONTANTS, DOCUMENTS, CONTROLE_FINI, DEPOT, PREPARATION, ECRITURE, DROITS}
)  # fmt: skip
_DEBUT = LECTURE % {"table": ""}


def reading_of(table: str) -> str:
    """The step that reads a table of the format."""
    return LECTURE % {"table": table}


def translate_step(etape: str) -> str:
    """A step that was kept, in the present language; as it is when it is none of ours."""
    if etape in ETAPES:
        return gettext(etape)
    if etape.startswith(_DEBUT):
        return gettext(LECTURE) % {"table": etape.removeprefix(_DEBUT)}
    return etape
