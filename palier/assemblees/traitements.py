"""Processing of general meetings: on behalf of the agences."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="assemblees",
        nom="Assemblées générales",
        qualite=Qualite.SOUS_TRAITANT,
        finalite="Montrer aux copropriétaires leurs assemblées et les résolutions votées.",
        base="Instruction de l’agence (RGPD art. 28) ; loi du 10 juillet 1965 art. 18.",
        personnes="Copropriétaires.",
        donnees="Dates, lieux, résolutions et résultats des votes de la copropriété.",
        destinataires="Les copropriétaires ; l’équipe de l’agence.",
        duree="Vie du contrat de l’agence, puis sept jours.",
        tables=("assemblees.Assemblee", "assemblees.Resolution"),
    ),
]
