"""The mails of a contract: its term, its end, its last day, the certificate."""

from django.utils.translation import gettext as _

from palier.courrier.modeles import MODELES, Contenu, Faits


def _administrateur() -> str:
    return _("Vous recevez ce message comme administrateur de l’agence.")


def contrat_terme(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre contrat finit le %(jour)s") % f,
        titre=_("La fin de votre contrat est datée"),
        paragraphes=[
            _("Le contrat de %(agence)s avec le portail finit le %(jour)s, sauf renouvellement.") % f,
            _(
                "Ce jour-là, les espaces de vos clients ferment. Sept jours plus tard, toutes vos données sont effacées."
            ),
        ],
        bouton=(_("Voir le contrat"), f["lien"]),
        raison=_administrateur(),
        agence=f["agence"],
    )


def contrat_fini(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre contrat est terminé : reprenez vos données avant le %(jour)s") % f,
        titre=_("Reprenez vos données"),
        paragraphes=[
            _("Le contrat de %(agence)s avec le portail est terminé. Les espaces de vos clients sont fermés.")
            % f,
            _(
                "Tout ce que le portail tient pour vous se télécharge : données, documents, retours de vos clients."
            ),
            _("Le %(jour)s, tout est effacé et votre clé est détruite. Vous recevrez un certificat signé.")
            % f,
        ],
        bouton=(_("Télécharger mes données"), f["lien"]),
        suite=[_("Pour continuer, signez à nouveau avant cette date : rien ne sera effacé.")],
        raison=_administrateur(),
        agence=f["agence"],
    )


def contrat_repris(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre contrat reprend : rien n’est effacé"),
        titre=_("Votre contrat reprend"),
        paragraphes=[_("Les espaces des clients de %(agence)s sont de nouveau ouverts, comme avant.") % f],
        bouton=(_("Voir le contrat"), f["lien"]),
        raison=_administrateur(),
        agence=f["agence"],
    )


def fin_contrat_client(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("%(agence)s quitte le portail : votre espace est fermé") % f,
        titre=_("Votre espace chez %(agence)s est fermé") % f,
        paragraphes=[
            _("Le contrat de %(agence)s avec le portail a pris fin le %(fin)s.") % f,
            _(
                "Le %(jour)s, tout ce que le portail tient pour elle est effacé. L’agence garde vos documents : "
                "demandez-les-lui. Téléphone : %(telephone)s."
            )
            % f,
        ],
        bouton=(_("Voir mes accès"), f["lien"]),
        suite=[
            _(
                "Vos accès chez d’autres agences ne changent pas. Sans autre accès, votre compte est supprimé le %(jour)s."
            )
            % f
        ],
        raison=_(
            "Vous recevez ce message parce que vous avez un accès chez cette agence. Il n’est envoyé qu’une fois."
        ),
        agence=f["agence"],
    )


def compte_sans_acces(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre compte Palier est supprimé"),
        titre=_("Votre compte est supprimé"),
        paragraphes=[
            _(
                "La dernière agence à laquelle il donnait accès a quitté le portail. Comme annoncé, il est supprimé."
            ),
            _("Si une agence vous remet un nouveau code, vous pourrez créer un autre compte."),
        ],
        bouton=(_("Aller au portail"), f["lien"]),
        raison=_("C’est le dernier message de ce compte."),
    )


def certificat_effacement(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Certificat d’effacement des données de %(agence)s") % f,
        titre=_("Toutes vos données sont effacées"),
        paragraphes=[
            _("Les données de %(agence)s ont été effacées du portail, et sa clé de chiffrement est détruite.")
            % f,
            _("Le certificat signé n° %(numero)s le constate, table par table. Gardez-le.") % f,
        ],
        bouton=(_("Télécharger le certificat"), f["lien"]),
        raison=_("Vous recevez ce message parce que vous administriez cette agence. C’est le dernier."),
        agence=f["agence"],
    )


MODELES.update(
    {
        function.__name__: function
        for function in (
            contrat_terme, contrat_fini, contrat_repris, fin_contrat_client, compte_sans_acces, certificat_effacement,
        )
    }
)  # fmt: skip
