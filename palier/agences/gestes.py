"""The closed list of what an administrator may close to gestionnaires, in the words of the page."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from palier.core.access import Gesture

# (key, words, gloss, gestures): a key is one box, and closes its gestures together.
GESTES: tuple[tuple[str, Any, Any, tuple[Gesture, ...]], ...] = (
    (
        "codes",
        _("Émettre et révoquer des codes"),
        _("Lettres, e-mails et listes de codes d’accès."),
        (Gesture.CODE_ISSUE, Gesture.CODE_REVOKE),
    ),
    (
        "dissocier",
        _("Dissocier un compte"),
        _("Détacher la personne de son accès."),
        (Gesture.ACCES_DISSOCIATE,),
    ),
    (
        "voir_comme",
        _("Voir comme la personne"),
        _("Ouvrir son espace en lecture seule ; chaque fois est inscrite au journal."),
        (Gesture.VIEW_AS,),
    ),
    (
        "importer",
        _("Déposer et annuler des imports"),
        _("Mettre en ligne un dossier du logiciel de gestion."),
        (Gesture.IMPORT_RUN, Gesture.IMPORT_CANCEL),
    ),
    (
        "confirmer",
        _("Confirmer un import retenu"),
        _("Lever le frein quand un import changerait beaucoup de lignes."),
        (Gesture.IMPORT_CONFIRM,),
    ),
    (
        "retours",
        _("Préparer et acquitter les retours"),
        _("Renvoyer au logiciel ce que les clients ont changé."),
        (Gesture.RETOUR_MANAGE,),
    ),
    (
        "connecteurs",
        _("Régler les connecteurs"),
        _("Dire comment un export se lit."),
        (Gesture.CONNECTEUR_CALIBRATE,),
    ),
)


def closed_by(keys: set[str]) -> list[str]:
    """Return the gestures that the boxes ``keys`` close, in the order of the list; unknown keys close nothing."""
    return [str(gesture) for key, _mots, _aide, gestes in GESTES if key in keys for gesture in gestes]


def closed_keys(gestures: list[str]) -> set[str]:
    """Return the boxes that ``gestures`` close."""
    return {key for key, _mots, _aide, gestes in GESTES if set(map(str, gestes)) <= set(gestures)}


ALL_KEYS = frozenset(key for key, *_rest in GESTES)
