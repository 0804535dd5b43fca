"""Who sees what goes back: the agence's staff, and each person what he said himself."""

from palier.core.access import register
from palier.core.policies import AgenceClientsPolicy, AgencePolicy, OwnAccesPolicy
from palier.retours import models


@register
class ChangementPolicy(OwnAccesPolicy):
    """The staff, and the person himself."""

    model = models.ChangementCoordonnees


@register
class VerifieesPolicy(OwnAccesPolicy):
    """The staff, and the person himself."""

    model = models.CoordonneesVerifiees


@register
class ConsentementPolicy(OwnAccesPolicy):
    """The staff, and the person himself."""

    model = models.Consentement


@register
class JustificatifPolicy(OwnAccesPolicy):
    """The staff, and the person himself: not the one who shares his lease."""

    model = models.Justificatif


@register
class ProposePolicy(AgenceClientsPolicy):
    """Whoever holds an accès at the agence: it says what he is asked."""

    model = models.ConsentementPropose


@register
class RetourPolicy(AgencePolicy):
    """The staff and tasks."""

    model = models.Retour
