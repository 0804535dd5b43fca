"""The addresses of the agency's desk, under ``/g/<agence>/``."""

from django.urls import path

from palier.screens.gestion.personnes import Personnes
from palier.screens.gestion.tableau import TableauDeBord

app_name = "gestion"
urlpatterns = [
    path("", TableauDeBord.as_view(), name="accueil"),
    path("personnes", Personnes.as_view(), name="personnes"),
]
