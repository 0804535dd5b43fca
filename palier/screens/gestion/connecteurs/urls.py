"""The addresses of the connectors, under ``/g/<agence>/connecteurs``; their names are the desk's."""

from django.urls import path

from palier.screens.gestion.connecteurs import (
    brouillon,
    colonnes,
    lecture,
    liste,
    profils,
    reglages,
    resultat,
)

_B = "calibrage/<uuid:calibrage>"
_F = f"{_B}/fichier/<int:rang>"
_P = "profil/<uuid:profil>"
urlpatterns = [
    path("", liste.Connecteurs.as_view(), name="connecteurs"),
    path("importer", profils.Importer.as_view(), name="profil_importer"),
    path("logiciel/<slug:connecteur>", liste.Fiche.as_view(), name="connecteur"),
    path(_B, brouillon.Brouillon.as_view(), name="calibrage"),
    path(f"{_B}/envoyer", brouillon.Envoyer.as_view(), name="calibrage_envoyer"),
    path(f"{_B}/abandonner", brouillon.Abandonner.as_view(), name="calibrage_abandonner"),
    path(f"{_B}/resultat", resultat.Resultat.as_view(), name="calibrage_resultat"),
    path(f"{_F}/lecture", lecture.LectureFichier.as_view(), name="calibrage_lecture"),
    path(f"{_F}/colonnes", colonnes.Colonnes.as_view(), name="calibrage_colonnes"),
    path(f"{_F}/reglages", reglages.ReglagesFichier.as_view(), name="calibrage_reglages"),
    path(f"{_F}/retirer", brouillon.Retirer.as_view(), name="calibrage_retirer"),
    path(_P, profils.ProfilVu.as_view(), name="profil"),
    path(f"{_P}/exporter", profils.Exporter.as_view(), name="profil_exporter"),
    path(f"{_P}/eprouver", profils.Eprouver.as_view(), name="profil_eprouver"),
    path(f"{_P}/verifier", profils.Verifier.as_view(), name="profil_verifier"),
    path(f"{_P}/partager", profils.Partager.as_view(), name="profil_partager"),
    path(f"{_P}/retirer", profils.RetirerProfil.as_view(), name="profil_retirer"),
    path(f"{_P}/reprendre", profils.Reprendre.as_view(), name="profil_reprendre"),
]
