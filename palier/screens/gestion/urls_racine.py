"""Addresses of the desk that stand at the root: the colour of an agence, the end of a view."""

from django.urls import path

from palier.screens.gestion.couleur import AgenceCss, AgenceLogo
from palier.screens.gestion.vue import VueCommeFin

urlpatterns = [
    path("agence/<slug:slug>.css", AgenceCss.as_view(), name="agence_css"),
    path("agence/<slug:slug>/logo.png", AgenceLogo.as_view(), name="agence_logo"),
    path("vue/fin", VueCommeFin.as_view(), name="vue_comme_fin"),
]
