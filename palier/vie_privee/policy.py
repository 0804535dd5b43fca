"""Who sees an agence's information notice: its staff, and the clients to whom it handed an accès."""

from palier.core.access import register
from palier.core.policies import AgenceClientsPolicy
from palier.vie_privee.models import NoticeAgence


@register
class NoticePolicy(AgenceClientsPolicy):
    """The floor says the same (migration 0004)."""

    model = NoticeAgence
