"""The mail about new documents: titles and a link, never an amount. One for each account and agence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from palier.courrier.modeles import MODELES, Contenu, Faits


def documents_nouveaux(f: Faits) -> Contenu:
    nombre = int(f["nombre"])
    words = {**f, "nombre": nombre}
    titres = [f"• {titre}" for titre in f["titres"].split("\n")]
    reste = nombre - len(titres)
    if reste > 0:
        titres.append(ngettext("et %(reste)d autre", "et %(reste)d autres", reste) % {"reste": reste})
    return Contenu(
        sujet=ngettext(
            "%(nombre)d nouveau document dans votre espace %(agence)s",
            "%(nombre)d nouveaux documents dans votre espace %(agence)s",
            nombre,
        )
        % words,
        titre=ngettext(
            "%(nombre)d nouveau document dans votre espace",
            "%(nombre)d nouveaux documents dans votre espace",
            nombre,
        )
        % words,
        paragraphes=[_("%(agence)s vient de mettre en ligne :") % f, *titres],
        bouton=(_("Ouvrir mon espace"), f["lien"]),
        raison=_(
            "Vous recevez ce message parce que votre compte a un espace chez %(agence)s. "
            "Pour ne plus recevoir ces messages : %(arret)s"
        )
        % f,
        agence=f["agence"],
        desabonnement=f["arret"],
    )


MODELES["documents_nouveaux"] = documents_nouveaux
