"""Who sees the money: whoever held the compte on the row's date."""

from palier.acces.cercles import CerclePolicy
from palier.comptabilite.models import Budget, Depense, Echeance, EcheanceLigne, Exercice, Mouvement
from palier.core.access import register


@register
class ExercicePolicy(CerclePolicy):
    """The co-owners."""

    model = Exercice


@register
class BudgetPolicy(CerclePolicy):
    """The co-owners."""

    model = Budget


@register
class DepensePolicy(CerclePolicy):
    """The co-owners."""

    model = Depense


@register
class EcheancePolicy(CerclePolicy):
    """The holders of the compte on the date of the échéance."""

    model = Echeance
    row_date = "le"


@register
class EcheanceLignePolicy(CerclePolicy):
    """As its échéance."""

    model = EcheanceLigne
    row_date = "le"


@register
class MouvementPolicy(CerclePolicy):
    """The holders of the compte on the date of the line."""

    model = Mouvement
    row_date = "le"
