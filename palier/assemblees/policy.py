"""Who sees the meetings: the co-owners (L65 art. 18 I, décret 2019-502 art. 1: minutes are for all of them)."""

from palier.acces.cercles import CerclePolicy
from palier.assemblees.models import Assemblee, Resolution
from palier.core.access import register


@register
class AssembleePolicy(CerclePolicy):
    """The co-owners."""

    model = Assemblee


@register
class ResolutionPolicy(CerclePolicy):
    """As its meeting."""

    model = Resolution
