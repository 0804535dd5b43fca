"""The mails: what each says. One frame draws them as text and as HTML, so both say the same with one button.

A template is a function of its facts (words only); it is called in the reader's language.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

Faits = dict[str, str]


@dataclass(frozen=True, slots=True)
class Contenu:
    """One mail: a subject that stands alone, paragraphs, one button, and why it was sent."""

    sujet: str
    titre: str
    paragraphes: list[str]
    raison: str
    bouton: tuple[str, str] | None = None
    faits: list[tuple[str, str]] = field(default_factory=list)
    suite: list[str] = field(default_factory=list)
    anglais: str = ""  # the same in two sentences, when the reader's language is not known
    agence: str = ""
    desabonnement: str = ""


def _pas_vous() -> str:
    return _(
        "Si ce n’est pas vous, ne cliquez pas : rien ne sera créé, et cette demande s’efface d’elle-même."
    )


def compte_raison() -> str:
    return _("Vous recevez ce message parce que votre compte Palier a changé. Il ne peut pas être désactivé.")


def _alerte() -> str:
    return _(
        "Si ce n’est pas vous, changez votre mot de passe avec « Mot de passe oublié » sur la page de connexion, "
        "puis fermez les autres appareils dans « Mes appareils »."
    )


def activation(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Confirmez votre adresse pour ouvrir votre espace %(agence)s") % f,
        titre=_("Encore un geste, et votre espace est ouvert"),
        paragraphes=[
            _("Vous avez saisi le code remis par %(agence)s et choisi cette adresse pour votre compte.") % f,
            _(
                "Ouvrez ce lien, de préférence sur l’appareil où vous avez commencé. Il vaut 24 heures et sert une "
                "fois."
            ),
        ],
        bouton=(_("Confirmer mon adresse"), f["lien"]),
        suite=[_pas_vous()],
        raison=_(
            "Vous recevez ce message parce que cette adresse a été saisie sur Palier pour créer un compte."
        ),
        agence=f["agence"],
    )


def activation_existant(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Vous avez déjà un compte : rattachez-y votre accès %(agence)s") % f,
        titre=_("Vous avez déjà un compte Palier"),
        paragraphes=[
            _(
                "Un code remis par %(agence)s vient d’être saisi avec votre adresse. Comme vous avez déjà un compte, "
                "rien de nouveau n’a été créé."
            )
            % f,
            _(
                "Ouvrez ce lien et connectez-vous avec votre mot de passe habituel : l’accès s’ajoutera à votre "
                "compte. Le lien vaut 24 heures."
            ),
        ],
        bouton=(_("Me connecter et rattacher l’accès"), f["lien"]),
        suite=[_("Si ce n’est pas vous, ne cliquez pas : votre compte reste tel qu’il est.")],
        raison=_(
            "Vous recevez ce message parce que votre adresse a été saisie sur Palier avec un code d’accès."
        ),
        agence=f["agence"],
    )


def acces_rattache(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Un accès %(agence)s est rattaché à votre compte") % f,
        titre=_("Un accès de plus sur votre compte"),
        paragraphes=[
            _("L’accès de %(titulaire)s chez %(agence)s est désormais rattaché à votre compte.") % f,
            _("Les documents et le compte correspondants s’ouvrent depuis votre page d’accueil."),
        ],
        bouton=(_("Voir mes accès"), f["lien"]),
        suite=[
            _(
                "Si ce n’est pas vous, prévenez l’agence%(telephone)s : elle peut dissocier cet accès aussitôt."
            )
            % f
        ],
        raison=compte_raison(),
        agence=f["agence"],
    )


def rattachement_autre_nom(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("L’accès de %(titulaire)s est rattaché à un compte à un autre nom") % f,
        titre=_("Un accès rattaché à un autre nom"),
        paragraphes=[
            _(
                "L’accès de %(titulaire)s chez %(agence)s vient d’être rattaché, avec son code, à un compte dont les "
                "autres accès sont à un autre nom."
            )
            % f,
            _(
                "La personne a confirmé qu’elle pouvait le faire : ce peut être un conjoint, un tuteur ou un enfant "
                "qui aide un parent. Ce peut être aussi une lettre arrivée à la mauvaise adresse."
            ),
        ],
        bouton=(_("Voir la fiche"), f["lien"]),
        suite=[
            _(
                "Si vous ne l’attendiez pas, appelez %(titulaire)s. La fiche permet de dissocier l’accès aussitôt."
            )
            % f
        ],
        raison=_("Vous recevez ce message comme administrateur de l’agence."),
        agence=f["agence"],
    )


def acces_dissocie(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Un accès %(agence)s n’est plus rattaché à votre compte") % f,
        titre=_("Un accès a quitté votre compte"),
        paragraphes=[
            _("L’accès de %(titulaire)s chez %(agence)s n’est plus rattaché à votre compte.") % f,
            _(
                "Votre compte et vos autres accès restent tels quels. Pour le retrouver, demandez un nouveau code à "
                "l’agence%(telephone)s."
            )
            % f,
        ],
        bouton=(_("Voir mes accès"), f["lien"]),
        raison=compte_raison(),
        agence=f["agence"],
    )


def invitation_code(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("%(agence)s vous ouvre un espace en ligne : votre code d’accès") % f,
        titre=_("Votre espace en ligne chez %(agence)s") % f,
        paragraphes=[
            _("Bonjour %(appel)s,") % f,
            _(
                "%(agence)s vous ouvre un espace personnel et gratuit : vos documents, votre compte et votre bien."
            )
            % f,
            _(
                "Pour y entrer, saisissez cet identifiant et ce code sur la page d’activation. Ils valent jusqu’au "
                "%(expire)s et servent une seule fois."
            )
            % f,
        ],
        faits=[(_("Identifiant"), f["identifiant"]), (_("Code"), f["secret"])],
        bouton=(_("Ouvrir la page d’activation"), f["lien"]),
        suite=[
            _(
                "Ce code est personnel : ne transférez pas ce message. En cas de doute, appelez l’agence%(telephone)s."
            )
            % f
        ],
        raison=_(
            "Vous recevez ce message parce que vous êtes client de %(agence)s, à l’adresse que l’agence connaît de "
            "vous."
        )
        % f,
        anglais=(
            "In English: {agence} has opened a free online account for you. Follow the link above and type this"
            " identifier and this code, which work once; the language can be changed on every page."
        ).format(**f),
        agence=f["agence"],
    )


def invitation_equipe(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("%(agence)s vous invite à rejoindre son équipe sur Palier") % f,
        titre=_("Rejoignez l’équipe de %(agence)s") % f,
        paragraphes=[
            _("Bonjour %(nom)s,") % f,
            _(
                "Vous êtes invité à travailler sur l’espace professionnel de %(agence)s. Le lien est personnel et "
                "vaut jusqu’au %(expire)s."
            )
            % f,
        ],
        bouton=(_("Accepter l’invitation"), f["lien"]),
        suite=[
            _(
                "Si vous n’attendiez pas cette invitation, ignorez ce message : aucun droit n’est ouvert sans votre "
                "accord."
            )
        ],
        raison=_("Vous recevez ce message parce qu’un administrateur de %(agence)s a saisi votre adresse.")
        % f,
        agence=f["agence"],
    )


def reinitialisation(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Choisissez un nouveau mot de passe"),
        titre=_("Choisissez un nouveau mot de passe"),
        paragraphes=[
            _("Vous avez demandé à changer de mot de passe. Ce lien vaut 30 minutes et sert une seule fois.")
        ],
        bouton=(_("Choisir un nouveau mot de passe"), f["lien"]),
        suite=[_("Si ce n’est pas vous, ne cliquez pas : votre mot de passe actuel reste valable.")],
        raison=_(
            "Vous recevez ce message parce que « Mot de passe oublié » a été demandé pour cette adresse."
        ),
    )


def mot_de_passe_change(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre mot de passe vient de changer"),
        titre=_("Votre mot de passe vient de changer"),
        paragraphes=[
            _(
                "Le mot de passe de votre compte a été changé le %(quand)s. Les autres appareils connectés ont été "
                "déconnectés."
            )
            % f
        ],
        bouton=(_("Aller à la page de connexion"), f["lien"]),
        suite=[_alerte()],
        raison=compte_raison(),
    )


def adresse_confirmation(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Confirmez votre nouvelle adresse"),
        titre=_("Confirmez votre nouvelle adresse"),
        paragraphes=[
            _("Vous avez demandé que votre compte Palier utilise cette adresse."),
            _("Ouvrez ce lien pour la confirmer. Jusque-là, votre ancienne adresse reste la bonne."),
        ],
        bouton=(_("Confirmer cette adresse"), f["lien"]),
        suite=[_("Si ce n’est pas vous, ne cliquez pas : rien ne changera.")],
        raison=_("Vous recevez ce message parce que cette adresse a été saisie sur un compte Palier."),
    )


def adresse_demandee(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Une nouvelle adresse est demandée pour votre compte"),
        titre=_("Un changement d’adresse est demandé"),
        paragraphes=[
            _(
                "Une nouvelle adresse a été saisie sur votre compte le %(quand)s. Elle ne prendra effet qu’une fois "
                "confirmée depuis la nouvelle boîte."
            )
            % f,
            _("Si c’est vous, vous n’avez rien à faire ici."),
        ],
        bouton=(_("Annuler depuis mon compte"), f["lien"]),
        suite=[
            _(
                "Si ce n’est pas vous, changez votre mot de passe : la demande d’adresse s’annule en même temps."
            )
        ],
        raison=compte_raison(),
    )


def adresse_changee(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("L’adresse de votre compte a changé"),
        titre=_("L’adresse de votre compte a changé"),
        paragraphes=[
            _(
                "Depuis le %(quand)s, votre compte Palier n’utilise plus cette adresse : connectez-vous avec la "
                "nouvelle."
            )
            % f
        ],
        bouton=(_("Voir à qui s’adresser"), f["lien"]),
        suite=[
            _(
                "Si ce n’est pas vous, prévenez sans attendre votre agence, qui peut dissocier vos accès, et "
                "l’exploitant du portail."
            )
        ],
        raison=compte_raison(),
    )


def adresse_deja_prise(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Votre adresse a été saisie sur Palier"),
        titre=_("Vous avez déjà un compte avec cette adresse"),
        paragraphes=[
            _(
                "Votre adresse vient d’être saisie pour un autre compte. Elle est déjà celle du vôtre : rien n’a "
                "changé."
            ),
            _(
                "Si c’est vous et que vous avez deux comptes, connectez-vous à celui-ci et rattachez-y vos accès."
            ),
        ],
        bouton=(_("Aller à la page de connexion"), f["lien"]),
        suite=[_("Si ce n’est pas vous, vous n’avez rien à faire.")],
        raison=_("Vous recevez ce message parce que votre adresse a été saisie sur Palier."),
    )


def connexions_refusees(f: Faits) -> Contenu:
    return Contenu(
        sujet=_("Plusieurs connexions refusées sur votre compte"),
        titre=_("Plusieurs connexions ont été refusées"),
        paragraphes=[
            _(
                "Plusieurs mots de passe faux ont été essayés sur votre compte le %(quand)s. Aucun n’est entré."
            )
            % f,
            _(
                "Si c’est vous, attendez quelques minutes avant de réessayer, ou choisissez un nouveau mot de passe."
            ),
        ],
        bouton=(_("Choisir un nouveau mot de passe"), f["lien"]),
        suite=[
            _(
                "Si ce n’est pas vous, votre mot de passe a tenu. Ce message n’est envoyé qu’une fois par jour."
            )
        ],
        raison=compte_raison(),
    )


MODELES: dict[str, Callable[[Faits], Contenu]] = {
    function.__name__: function
    for function in (
        activation,
        activation_existant,
        acces_rattache,
        rattachement_autre_nom,
        acces_dissocie,
        invitation_code,
        invitation_equipe,
        reinitialisation,
        mot_de_passe_change,
        adresse_confirmation,
        adresse_demandee,
        adresse_changee,
        adresse_deja_prise,
        connexions_refusees,
    )
}
