"""Processing of what clients send back to their agence: on behalf of the agences."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="retours",
        nom="Retours vers l’agence",
        qualite=Qualite.SOUS_TRAITANT,
        finalite="Transmettre à l’agence les changements de coordonnées, les consentements et les justificatifs de ses clients.",
        base="Instruction de l’agence (RGPD art. 28) ; consentement pour l’envoi électronique.",
        personnes="Clients de l’agence.",
        donnees="Coordonnées proposées, consentements datés, justificatifs déposés.",
        destinataires="L’équipe de l’agence.",
        duree="Vie du contrat de l’agence, puis sept jours.",
        tables=("retours.*",),
    ),
]
