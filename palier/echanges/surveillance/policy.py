"""Who sees what came by watched folders: the staff."""

from palier.core.access import register
from palier.core.policies import AgencePolicy
from palier.echanges.surveillance.models import Arrivee


@register
class ArriveePolicy(AgencePolicy):
    """The staff and tasks."""

    model = Arrivee
