"""The addresses of a signed-in person: home across agences, accès, account."""

from django.urls import path

from palier.screens.account import (
    acces,
    accueil,
    avis,
    communications,
    compte,
    consentements,
    coordonnees,
    droits,
    exports,
    signaler,
    suppression,
    textes,
)

urlpatterns = [
    path("accueil", accueil.Accueil.as_view(), name="mon_espace"),
    path("mes-acces", acces.MesAcces.as_view(), name="mes_acces"),
    path("mes-acces/<uuid:acces>/email", acces.PartagerEmail.as_view(), name="partager_email"),
    path("mes-acces/<uuid:acces>/coordonnees", coordonnees.Coordonnees.as_view(), name="coordonnees"),
    path(
        "mes-acces/<uuid:acces>/coordonnees/modifier",
        coordonnees.CoordonneesModifier.as_view(),
        name="coordonnees_modifier",
    ),
    path(
        "mes-acces/<uuid:acces>/coordonnees/confirmer",
        coordonnees.CoordonneesConfirmer.as_view(),
        name="coordonnees_confirmer",
    ),
    path(
        "mes-acces/<uuid:acces>/coordonnees/<uuid:changement>/annuler",
        coordonnees.CoordonneesAnnuler.as_view(),
        name="coordonnees_annuler",
    ),
    path("mes-acces/<uuid:acces>/accords", consentements.Consentements.as_view(), name="consentements"),
    path(
        "mes-acces/<uuid:acces>/accords/<slug:genre>",
        consentements.ConsentementChoisir.as_view(),
        name="consentement_choisir",
    ),
    path("mon-compte/avis", avis.MesAvis.as_view(), name="mes_avis"),
    path("mon-compte", compte.MonCompte.as_view(), name="mon_compte"),
    path("mon-compte/communications", communications.Communications.as_view(), name="communications"),
    path(
        "mon-compte/communications/<uuid:communication>",
        communications.CommunicationRepondre.as_view(),
        name="communication_repondre",
    ),
    path("mon-compte/donnees", droits.MesDroits.as_view(), name="mes_droits"),
    path("mon-compte/donnees/demandes", droits.MesDemandes.as_view(), name="mes_demandes"),
    path("mon-compte/donnees/demandes/<uuid:demande>", droits.MaDemande.as_view(), name="ma_demande"),
    path(
        "mon-compte/donnees/demandes/<uuid:demande>/<slug:piece>",
        droits.DemandePiece.as_view(),
        name="ma_demande_piece",
    ),
    path("mon-compte/donnees/limites", droits.DroitsLimites.as_view(), name="droits_limites"),
    path("mon-compte/donnees/copie", exports.MesExports.as_view(), name="mes_exports"),
    path(
        "mon-compte/donnees/copie/<uuid:export>",
        exports.ExportTelecharger.as_view(),
        name="export_telecharger",
    ),
    path("mon-compte/donnees/apres-deces", exports.MesDirectives.as_view(), name="mes_directives"),
    path("mon-compte/signaler", signaler.Signaler.as_view(), name="signaler"),
    path("mon-compte/consultations", signaler.Consultations.as_view(), name="consultations"),
    path("mon-compte/supprimer", suppression.Supprimer.as_view(), name="supprimer_compte"),
    path(
        "garder-mon-compte/<str:jeton>", suppression.SuppressionAnnuler.as_view(), name="suppression_annuler"
    ),
    path("textes-accepter", textes.CguAccepter.as_view(), name="cgu_accepter"),
    path("textes-lus", textes.TextesLus.as_view(), name="textes_lus"),
]
