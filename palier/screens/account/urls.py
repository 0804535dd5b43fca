"""The addresses of a signed-in person: home across agences, accès, account."""

from django.urls import path

from palier.screens.account import acces, accueil, compte, textes

urlpatterns = [
    path("accueil", accueil.Accueil.as_view(), name="mon_espace"),
    path("mes-acces", acces.MesAcces.as_view(), name="mes_acces"),
    path("mes-acces/<uuid:acces>/email", acces.PartagerEmail.as_view(), name="partager_email"),
    path("mon-compte", compte.MonCompte.as_view(), name="mon_compte"),
    path("textes-accepter", textes.CguAccepter.as_view(), name="cgu_accepter"),
    path("textes-lus", textes.TextesLus.as_view(), name="textes_lus"),
]
