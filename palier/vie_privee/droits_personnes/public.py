"""The request of somebody without an account, by the signed link of its acknowledgement."""

from collections.abc import Iterator
from contextlib import contextmanager

from palier.core.access import Gesture
from palier.core.action import action
from palier.core.actor import Actor
from palier.core.errors import Invisible
from palier.core.tenancy import serving
from palier.vie_privee.droits_personnes.demandes import read_link, take_identity
from palier.vie_privee.droits_personnes.fichiers import Demande, Envoye
from palier.vie_privee.models import DemandeAgence, DemandeCompte


@contextmanager
def opened(actor: Actor, token: str) -> Iterator[tuple[Actor, Demande]]:
    """Open the request that a link names: as its agence's own task for what belongs to one. Raises Invisible."""
    agence_id, demande_id = read_link(token)
    if agence_id is None:
        row = DemandeCompte.objects.filter(id=demande_id, account_id=None).first()
        if row is None:
            raise Invisible
        yield actor, row
        return
    with serving(actor, agence_id, "suivi d’une demande par son lien") as system:
        found = (
            DemandeAgence.objects.visible_to(system)
            .filter(agence_id=agence_id, id=demande_id, account_id=None)
            .first()
        )
        if found is None:
            raise Invisible
        yield system, found


@action(Gesture.PUBLIC_ONLY)
def send_identity_by_link(actor: Actor, token: str, envoye: Envoye) -> None:
    """The person sends the proof that was asked, by the link."""
    with opened(actor, token) as (who, row):
        take_identity(who, row, envoye)
