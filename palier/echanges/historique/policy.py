"""Who sees what an import changed: the agence's staff only, never a client."""

from palier.core.access import register
from palier.core.policies import AgencePolicy
from palier.echanges.historique.models import Annulation, Changement, Version


@register
class VersionPolicy(AgencePolicy):
    """The staff and tasks."""

    model = Version


@register
class ChangementPolicy(AgencePolicy):
    """The staff and tasks."""

    model = Changement


@register
class AnnulationPolicy(AgencePolicy):
    """The staff and tasks."""

    model = Annulation
