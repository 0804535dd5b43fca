"""Who sees what is handed over: the agence's administrators."""

from palier.core.access import register
from palier.core.policies import AgencePolicy
from palier.echanges.reversibilite.models import Remise


@register
class RemisePolicy(AgencePolicy):
    """The staff and the tasks of the agence; the screens let administrators in alone."""

    model = Remise
