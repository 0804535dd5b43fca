"""Processing of accès, codes and droits: on behalf of the agences."""

from palier.core.traitements import Qualite, Traitement

TRAITEMENTS = [
    Traitement(
        cle="acces",
        nom="Accès, codes et droits",
        qualite=Qualite.SOUS_TRAITANT,
        finalite="Remettre un code à chaque client de l’agence et lui ouvrir ce que ses qualités lui donnent, aux dates utiles.",
        base="Instruction de l’agence (RGPD art. 28) ; loi du 10 juillet 1965 art. 18 et décret 67-223 pour l’extranet du syndic.",
        personnes="Clients de l’agence.",
        donnees="Lien entre une personne et l’agence, empreinte du code, dates d’émission et d’usage, dernière visite, droits datés.",
        destinataires="L’équipe de l’agence.",
        duree="Vie du contrat de l’agence, puis sept jours ; une activation non terminée : vingt-quatre heures.",
        tables=("acces.Acces", "acces.CodeAcces", "acces.CodeIndex", "acces.Activation", "acces.Espace", "acces.Droit",
                "acces.Cercle"),
    ),
]  # fmt: skip
