"""The mails of privacy: changed texts, the agences' rights over their processor, incidents."""

from django.utils.translation import gettext as _

from palier.courrier.modeles import MODELES, Contenu, Faits, compte_raison


def texte_change(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("%(titre)s : ce qui change le %(jour)s") % f,
        titre=_("Un texte du portail change"),
        paragraphes=[
            _("Une nouvelle version de ce texte prend effet le %(jour)s : %(titre)s.") % f,
            f["resume"],
        ],
        bouton=(_("Lire la nouvelle version"), f["lien"]),
        suite=[_("Les versions passées restent en ligne, avec la comparaison de l’une à l’autre.")],
        raison=_(
            "Vous recevez ce message parce que vous avez un compte Palier et que ce changement est important. "
            "Il n’est envoyé qu’une fois."
        ),
    )


def sous_traitant(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Un nouveau prestataire à partir du %(jour)s : %(nom)s") % f,
        titre=_("Un prestataire du portail change"),
        paragraphes=[
            _("%(nom)s (%(pays)s) interviendra à partir du %(jour)s : %(role)s.") % f,
            _("Vous pouvez vous y opposer jusque-là, avec un motif, depuis la page de votre contrat."),
        ],
        bouton=(_("Voir les prestataires"), f["lien"]),
        raison=_("Vous recevez ce message comme administrateur de l’agence (RGPD, article 28)."),
        agence=f["agence"],
    )


def obligation_legale(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Une obligation légale touche vos données le %(jour)s") % f,
        titre=_("Une obligation légale va s’appliquer"),
        paragraphes=[
            _(
                "La loi oblige l’exploitant à un traitement que vous n’avez pas demandé (%(article)s), le %(jour)s. Il vous "
                "en prévient avant d’agir."
            )
            % f,
        ],
        bouton=(_("Lire le détail"), f["lien"]),
        raison=_("Vous recevez ce message comme administrateur de l’agence (RGPD, article 28)."),
        agence=f["agence"],
    )


def communication_demandee(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre accord est demandé pour communiquer des données de votre compte"),
        titre=_("C’est vous qui décidez"),
        paragraphes=[
            _("L’exploitant du portail vous demande de pouvoir communiquer à %(destinataire)s : %(donnees)s.")
            % f,
            _(
                "Sans réponse de votre part, rien n’est communiqué. Un accord se retire aussi simplement qu’il se donne."
            ),
        ],
        bouton=(_("Accepter ou refuser"), f["lien"]),
        raison=compte_raison(),
    )


def incident_ouvert(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("À examiner : %(titre)s") % f,
        titre=_("Un incident est à examiner"),
        paragraphes=[
            f["titre"],
            _("Si c’est une violation de données, les 72 heures courent depuis maintenant."),
        ],
        bouton=(_("Ouvrir l’incident"), f["lien"]),
        raison=_("Vous recevez ce message comme exploitant du portail."),
    )


def incident_agence(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Un incident concerne %(nombre)s de vos clients") % f,
        titre=_("Un incident concerne vos données"),
        paragraphes=[
            f["titre"],
            _(
                "Vous trouverez ce qui est connu, les personnes concernées et ce qu’il peut vous revenir de faire."
            ),
        ],
        bouton=(_("Lire et agir"), f["lien"]),
        raison=_("Vous recevez ce message comme administrateur de l’agence (RGPD, article 33.2)."),
        agence=f["agence"],
    )


def incident_personne(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Un incident a touché vos données : %(titre)s") % f,
        titre=_("Un incident a touché vos données"),
        paragraphes=[
            f["titre"],
            _("Ce que cela peut entraîner : %(consequences)s") % f,
            _("Ce qui a été fait : %(mesures)s") % f,
        ],
        bouton=(_("Signaler un usage anormal"), f["lien"]),
        raison=_("Vous recevez ce message parce que vos données sont concernées (RGPD, article 34)."),
        agence=f["agence"],
    )


def usage_anormal(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Un client ne reconnaît pas un usage de son compte"),
        titre=_("Un usage anormal vous est signalé"),
        paragraphes=[
            _(
                "Un de vos clients ne reconnaît pas un usage de son compte. Ses sessions sont fermées, ses codes non "
                "utilisés ne valent plus, et un nouveau mot de passe lui est demandé."
            )
        ],
        bouton=(_("Voir la fiche"), f["lien"]),
        raison=_("Vous recevez ce message comme administrateur de l’agence."),
        agence=f["agence"],
    )


def usage_anormal_recu(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre compte est fermé à clé : choisissez un nouveau mot de passe"),
        titre=_("Votre signalement est reçu"),
        paragraphes=[
            _(
                "Toutes les sessions sont fermées et votre ancien mot de passe ne vaut plus. Un autre message vous permet "
                "d’en choisir un nouveau."
            ),
            _("L’exploitant du portail et vos agences sont prévenus."),
        ],
        bouton=(_("Redemander le lien"), f["lien"]),
        raison=compte_raison(),
    )


def suppression_demandee(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre compte sera supprimé le %(jour)s") % f,
        titre=_("Votre compte sera supprimé le %(jour)s") % f,
        paragraphes=[
            _("Vous avez demandé la suppression de votre compte. Jusque-là, il marche comme avant."),
            _("Si vous changez d’avis, ou si ce n’est pas vous, un bouton suffit pour le garder."),
        ],
        bouton=(_("Garder mon compte"), f["lien"]),
        suite=[
            _(
                "Ce que vos agences doivent conserver par la loi reste chez elles ; elles n’auront plus de lien avec ce compte."
            )
        ],
        raison=compte_raison(),
    )


def suppression_annulee(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre compte est gardé"),
        titre=_("Votre compte est gardé"),
        paragraphes=[_("La suppression demandée est annulée : rien n’a été effacé.")],
        bouton=(_("Voir mon compte"), f["lien"]),
        raison=compte_raison(),
    )


def compte_supprime(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre compte est supprimé"),
        titre=_("Votre compte est supprimé"),
        paragraphes=[
            _(
                "Votre adresse, votre mot de passe, vos sessions et vos choix sont effacés. Cette adresse ne sert plus."
            ),
            _("Pour revenir un jour, demandez un nouveau code à votre agence."),
        ],
        bouton=(_("Aller au portail"), f["lien"]),
        raison=_("Vous recevez ce dernier message parce que la suppression vient d’avoir lieu."),
    )


def compte_inactif(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre compte sera supprimé le %(jour)s, faute de visite") % f,
        titre=_("Voilà près de deux ans que nous ne vous avons pas vu"),
        paragraphes=[
            _("Un compte qui ne sert plus est supprimé au bout de deux ans. Le vôtre le sera le %(jour)s.")
            % f,
            _("Une seule visite suffit pour le garder."),
        ],
        bouton=(_("Me connecter et garder mon compte"), f["lien"]),
        raison=compte_raison(),
    )


def compte_inactif_supprime(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre compte inactif est supprimé"),
        titre=_("Votre compte est supprimé"),
        paragraphes=[
            _("Sans visite depuis deux ans, et après deux avertissements, votre compte est effacé."),
            _("Pour revenir, demandez un nouveau code à votre agence : elle garde vos données."),
        ],
        bouton=(_("Aller au portail"), f["lien"]),
        raison=_("Vous recevez ce dernier message parce que la suppression vient d’avoir lieu."),
    )


MODELES.update(
    {
        function.__name__: function
        for function in (
            texte_change,
            sous_traitant,
            obligation_legale,
            communication_demandee,
            incident_ouvert,
            incident_agence,
            incident_personne,
            usage_anormal,
            usage_anormal_recu,
            suppression_demandee,
            suppression_annulee,
            compte_supprime,
            compte_inactif,
            compte_inactif_supprime,
        )
    }
)
