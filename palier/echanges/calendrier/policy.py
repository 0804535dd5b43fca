"""Who sees feeds: the staff."""

from palier.core.access import register
from palier.core.policies import AgencePolicy
from palier.echanges.calendrier.models import Flux


@register
class FluxPolicy(AgencePolicy):
    """The staff and tasks: clients see the source's stamp only."""

    model = Flux
