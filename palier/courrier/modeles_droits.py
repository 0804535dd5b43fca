"""The mails about the rights of persons: requests, restrictions, copies, directives."""

from django.utils.translation import gettext as _

from palier.courrier.modeles import MODELES, Contenu, Faits, compte_raison


def _demande() -> str:
    return _(
        "Vous recevez ce message parce que vous avez fait une demande sur vos données (RGPD, article 12)."
    )


def demande_recue(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre demande est reçue : réponse au plus tard le %(jour)s") % f,
        titre=_("Votre demande est bien reçue"),
        paragraphes=[
            _("%(droit)s. Chacun répond pour ce qu’il détient : %(qui)s.") % f,
            _(
                "La réponse arrivera au plus tard le %(jour)s. Vous la lirez sur le portail, et serez prévenu ici."
            )
            % f,
        ],
        bouton=(_("Suivre ma demande"), f["lien"]),
        suite=[_("Si vous n’êtes pas à l’origine de cette demande, répondez-le sur cette même page.")],
        raison=_demande(),
    )


def demande_agence(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Une demande sur les données d’une personne, à traiter avant le %(jour)s") % f,
        titre=_("Une personne exerce ses droits"),
        paragraphes=[
            _("%(droit)s. Vous êtes responsable de ces données : la réponse vous revient, avant le %(jour)s.")
            % f
        ],
        bouton=(_("Ouvrir la demande"), f["lien"]),
        raison=_("Vous recevez ce message comme administrateur de l’agence (RGPD, article 12)."),
        agence=f["agence"],
    )


def demande_dpo(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Une demande sur des données de compte : %(droit)s") % f,
        titre=_("Une personne exerce ses droits"),
        paragraphes=[_("%(droit)s. Elle porte sur des données de compte.") % f],
        bouton=(_("Ouvrir la console"), f["lien"]),
        raison=_("Vous recevez ce message comme délégué à la protection des données."),
    )


def demande_prolongee(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre demande : réponse au plus tard le %(jour)s") % f,
        titre=_("La réponse prendra plus de temps"),
        paragraphes=[
            _("%(qui)s prolonge le délai de deux mois, jusqu’au %(jour)s (RGPD, article 12.3). Le motif :")
            % f,
            f["motif"],
        ],
        bouton=(_("Suivre ma demande"), f["lien"]),
        suite=[_("Si ce motif ne vous convainc pas, vous pouvez saisir la CNIL : www.cnil.fr/plaintes.")],
        raison=_demande(),
        agence=f["agence"],
    )


def demande_identite(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre demande : une preuve d’identité est nécessaire"),
        titre=_("Une preuve d’identité est nécessaire"),
        paragraphes=[
            _("%(qui)s a un doute raisonnable sur l’identité du demandeur (RGPD, article 12.6) :") % f,
            f["motif"],
            _("Le document est chiffré, lu par cette seule personne, et effacé dès qu’il est vérifié."),
        ],
        bouton=(_("Envoyer la preuve"), f["lien"]),
        raison=_demande(),
        agence=f["agence"],
    )


def demande_repondue(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Une réponse à votre demande vous attend"),
        titre=_("Une réponse à votre demande vous attend"),
        paragraphes=[_("%(qui)s a répondu. Pour votre sécurité, la réponse se lit sur le portail.") % f],
        bouton=(_("Lire la réponse"), f["lien"]),
        raison=_demande(),
        agence=f["agence"],
    )


def limitation_posee(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("C’est en vigueur : vos données sont protégées (%(ou)s)") % f,
        titre=_("Votre choix est en vigueur"),
        paragraphes=[
            _("Votre demande de limitation ou d’opposition s’applique dès maintenant : %(ou)s.") % f
        ],
        bouton=(_("Voir ou lever"), f["lien"]),
        raison=compte_raison(),
    )


def limitation_agence(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Une personne limite l’usage de ses données"),
        titre=_("Des données sont désormais limitées"),
        paragraphes=[
            _("%(droit)s. Le portail l’applique déjà : ces données sont gardées, sa fiche le signale.") % f,
            _(
                "Examinez le motif. Si la limitation n’est pas fondée, vous pouvez annoncer sa levée à la personne."
            ),
        ],
        bouton=(_("Voir la fiche"), f["lien"]),
        raison=_("Vous recevez ce message comme administrateur de l’agence (RGPD, article 18)."),
        agence=f["agence"],
    )


def limitation_levee(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("La limitation de vos données prendra fin le %(jour)s") % f,
        titre=_("La limitation de vos données prendra fin le %(jour)s") % f,
        paragraphes=[
            _("Vous en êtes informé avant, comme le veut l’article 18.3 du RGPD. Le motif :"),
            f["motif"],
            _(
                "Si vous n’êtes pas d’accord, répondez par une demande, ou saisissez la CNIL : www.cnil.fr/plaintes."
            ),
        ],
        bouton=(_("Voir mes limitations"), f["lien"]),
        raison=compte_raison(),
        agence=f["agence"],
    )


def export_pret(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("La copie de vos données est prête, jusqu’au %(jour)s") % f,
        titre=_("La copie de vos données est prête"),
        paragraphes=[
            _("Votre mot de passe vous sera redemandé. Le fichier est effacé le %(jour)s.") % f,
        ],
        bouton=(_("La télécharger"), f["lien"]),
        suite=[
            _("Si vous n’avez rien demandé, signalez-le depuis « Mon compte » : tout sera fermé aussitôt.")
        ],
        raison=compte_raison(),
    )


def directive_notee(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Vos directives sont enregistrées"),
        titre=_("Vos directives sont enregistrées"),
        paragraphes=[
            _(
                "Elles ne seront exécutées qu’après votre décès, sur preuve, par le délégué à la protection des données."
            ),
            _("Vous pouvez les changer ou les retirer à tout moment."),
        ],
        bouton=(_("Relire mes directives"), f["lien"]),
        raison=compte_raison(),
    )


def directive_remise(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Une personne vous a désigné pour recevoir ses données"),
        titre=_("Une copie vous est remise"),
        paragraphes=[
            _(
                "Une personne décédée vous avait désigné pour recevoir une copie des données de son compte Palier."
            ),
            _("Le lien vaut jusqu’au %(jour)s. Il est personnel : ne le transmettez pas.") % f,
        ],
        bouton=(_("Recevoir la copie"), f["lien"]),
        raison=_("Vous recevez ce message en exécution de directives écrites (loi 78-17, article 85)."),
    )


MODELES.update(
    {
        function.__name__: function
        for function in (
            demande_recue,
            demande_agence,
            demande_dpo,
            demande_prolongee,
            demande_identite,
            demande_repondue,
            limitation_posee,
            limitation_agence,
            limitation_levee,
            export_pret,
            directive_notee,
            directive_remise,
        )
    }
)
