"""Who sees imports: the staff. A client sees a source only for its freshness stamp."""

from palier.core.access import register
from palier.core.policies import AgenceClientsPolicy, AgencePolicy
from palier.echanges.models import Anomalie, Import, Source


@register
class SourcePolicy(AgenceClientsPolicy):
    """Freshness is for everyone at the agence."""

    model = Source


@register
class ImportPolicy(AgencePolicy):
    """The staff and tasks."""

    model = Import


@register
class AnomaliePolicy(AgencePolicy):
    """The staff and tasks."""

    model = Anomalie
