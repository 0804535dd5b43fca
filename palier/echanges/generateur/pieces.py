"""Publishes every printed piece of an agency."""

from .charges import Charges
from .gerance import Gerance
from .pieces_assemblee import publish_assemblees
from .pieces_compte import publish_comptes
from .pieces_copropriete import publish_copropriete
from .pieces_gerance import publish_gerance
from .presse import Ged
from .registre import Chantier


def publish_all(chantier: Chantier, charges: list[Charges], gerance: Gerance) -> None:
    """Copropriétés, then their comptes, then the rental side."""
    ged = Ged(chantier)
    for compta in charges:
        publish_assemblees(ged, compta)
        publish_copropriete(ged, compta)
        publish_comptes(ged, compta)
    publish_gerance(ged, gerance)
