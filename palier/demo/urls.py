"""Addresses that exist in demo mode only."""

from django.urls import path

from palier.demo.views import Boite, CourrielHtml, CourrielPiece, CourrielScreen

app_name = "demo"
urlpatterns = [
    path("boite", Boite.as_view(), name="boite"),
    path("boite/<slug:nom>", CourrielScreen.as_view(), name="courriel"),
    path("boite/<slug:nom>/html", CourrielHtml.as_view(), name="courriel_html"),
    path("boite/<slug:nom>/piece/<int:rang>", CourrielPiece.as_view(), name="courriel_piece"),
]
