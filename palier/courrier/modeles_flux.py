"""The mails about feeds: one is late, it is back."""

from django.utils.translation import gettext as _

from palier.courrier.modeles import MODELES, Contenu, Faits


def _raison(f: Faits) -> str:
    return _("Vous recevez ce message parce que vous administrez %(agence)s sur Palier.") % f


def flux_en_retard(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("%(agence)s : « %(flux)s » n’est pas arrivé") % f,
        titre=_("Un envoi attendu n’est pas arrivé"),
        paragraphes=[
            _("Le flux « %(flux)s » était attendu le %(jour)s à %(heure)s. Rien n’est encore en ligne.") % f,
            _(
                "Vos clients voient les dernières données reçues, avec leur date et la mention « en retard ». "
                "Vérifiez l’export de votre logiciel, ou envoyez le fichier à la main."
            ),
        ],
        bouton=(_("Voir les flux"), f["lien"]),
        suite=[_("Un seul message par retard : vous en recevrez un autre à son retour.")],
        raison=_raison(f),
        agence=f["agence"],
    )


def flux_revenu(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("%(agence)s : « %(flux)s » est de retour") % f,
        titre=_("L’envoi attendu est arrivé"),
        paragraphes=[
            _(
                "Le flux « %(flux)s », attendu le %(jour)s à %(heure)s, est en ligne : il n’est plus en retard."
            )
            % f,
        ],
        bouton=(_("Voir les flux"), f["lien"]),
        raison=_raison(f),
        agence=f["agence"],
    )


MODELES.update({function.__name__: function for function in (flux_en_retard, flux_revenu)})
