"""The public addresses, and allauth's pages under French addresses with allauth's names."""

from django.urls import path, re_path

from palier.screens.public import (
    activation,
    avis,
    certificats,
    conservation,
    droits,
    equipe,
    etat,
    identite,
    pages,
    sous_traitants,
    temoins,
    textes,
)

_connexion = identite.Connexion.as_view()
_deconnexion = identite.Deconnexion.as_view()
_VERSION = "textes/<slug:genre>/<str:numero>"

urlpatterns = [
    path("", pages.Accueil.as_view(), name="accueil"),
    path("cgu", textes.legal("cgu"), name="cgu"),
    path("confidentialite", textes.legal("confidentialite"), name="confidentialite"),
    path("cookies", textes.legal("cookies"), name="cookies"),
    path("mentions-legales", textes.legal("mentions"), name="mentions_legales"),
    path("accessibilite", textes.legal("accessibilite"), name="accessibilite"),
    path("cookies/choix", temoins.ChoixDesTemoins.as_view(), name="temoins"),
    path("conservation", conservation.Conservation.as_view(), name="conservation"),
    path("etat", etat.Etat.as_view(), name="etat"),
    path("certificats", certificats.Certificats.as_view(), name="certificats"),
    path("certificats/<uuid:numero>", certificats.Certificat.as_view(), name="certificat"),
    path(
        "certificats/<uuid:numero>.<str:forme>",
        certificats.CertificatFichier.as_view(),
        name="certificat_fichier",
    ),
    path("sous-traitants", sous_traitants.SousTraitants.as_view(), name="sous_traitants"),
    path("textes", textes.Archive.as_view(), name="textes"),
    path(f"{_VERSION}", textes.TexteVersion.as_view(), name="texte_version"),
    path(f"{_VERSION}/texte.pdf", textes.TextePdf.as_view(), name="texte_pdf"),
    path(f"{_VERSION}/changements", textes.TexteChangements.as_view(), name="texte_changements"),
    path("droits", droits.Droits.as_view(), name="droits"),
    path("droits/recu", droits.DroitsRecu.as_view(), name="droits_recu"),
    path("droits/remise/<str:jeton>", droits.DirectiveRemise.as_view(), name="directive_remise"),
    path("droits/suivi/<str:jeton>", droits.DroitsSuivi.as_view(), name="droits_suivi"),
    path("droits/suivi/<str:jeton>/<slug:piece>", droits.DroitsPiece.as_view(), name="droits_piece"),
    path("langue", pages.Langue.as_view(), name="langue"),
    path(".well-known/change-password", pages.ChangePassword.as_view(), name="change_password"),
    path(".well-known/security.txt", pages.SecurityTxt.as_view(), name="security_txt"),
    path("activer", activation.Activer.as_view(), name="activer"),
    path("activer/compte", activation.ActiverCompte.as_view(), name="activer_compte"),
    path("activer/verification", activation.ActiverVerification.as_view(), name="activer_verification"),
    path("activer/confirmer/<str:jeton>", activation.ActiverConfirmer.as_view(), name="activer_confirmer"),
    path("activer/rattacher", activation.ActiverRattacher.as_view(), name="activer_rattacher"),
    path("avis/arret/<str:jeton>", avis.stop_view(), name="avis_arret"),
    path("equipe/<slug:agence>/<str:jeton>", equipe.InvitationEquipe.as_view(), name="equipe_invitation"),
    path("connexion", _connexion, name="account_login"),
    path("connexion", _connexion, name="connexion"),
    path("deconnexion", _deconnexion, name="account_logout"),
    path("deconnexion", _deconnexion, name="deconnexion"),
    path("compte-ferme", identite.Inactif.as_view(), name="account_inactive"),
    path("mot-de-passe/oublie", identite.MotDePasseOublie.as_view(), name="account_reset_password"),
    path(
        "mot-de-passe/oublie/envoye", identite.MotDePasseEnvoye.as_view(), name="account_reset_password_done"
    ),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        identite.MotDePasseNouveau.as_view(),
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/nouveau/fait",
        identite.MotDePasseFait.as_view(),
        name="account_reset_password_from_key_done",
    ),
    path("mon-compte/mot-de-passe", identite.MotDePasseChange.as_view(), name="account_change_password"),
    path("mon-compte/adresse", identite.Adresse.as_view(), name="account_email"),
    path("mon-compte/sessions", identite.Sessions.as_view(), name="usersessions_list"),
    path("reauthentification", identite.Reauthentification.as_view(), name="account_reauthenticate"),
    path("adresse/envoyee", identite.VerificationEnvoyee.as_view(), name="account_email_verification_sent"),
    re_path(
        r"^adresse/confirmer/(?P<key>[-:\w]+)/$",
        identite.AdresseConfirmer.as_view(),
        name="account_confirm_email",
    ),
]
