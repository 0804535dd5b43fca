"""Who sees what privacy keeps of an agence: its notice (its clients too), its audience (its staff)."""

from palier.core.access import register
from palier.core.policies import AgenceClientsPolicy, AgencePolicy
from palier.vie_privee.models import AudienceAgence, NoticeAgence


@register
class NoticePolicy(AgenceClientsPolicy):
    """The floor says the same (migration 0004)."""

    model = NoticeAgence


@register
class AudiencePolicy(AgencePolicy):
    """The staff."""

    model = AudienceAgence
