"""The mail of this room: a request was refused, and why."""

from django.utils.translation import gettext as _

from palier.courrier.modeles import MODELES, Contenu, Faits


def retour_refuse(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("%(agence)s n’a pas retenu votre demande") % f,
        titre=_("Votre demande n’est pas retenue"),
        paragraphes=[
            _("%(agence)s a répondu à ce que vous avez envoyé depuis votre espace : %(objet)s.") % f,
            _("Motif : %(motif)s") % f,
        ],
        bouton=(_("Voir mes accès"), f["lien"]),
        suite=[
            _("Vous pouvez proposer autre chose dans votre espace, ou appeler l’agence%(telephone)s.") % f
        ],
        raison=_(
            "Vous recevez ce message parce que vous avez envoyé cette demande à %(agence)s depuis votre compte Palier."
        )
        % f,
        agence=f["agence"],
    )


MODELES[retour_refuse.__name__] = retour_refuse
