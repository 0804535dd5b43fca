"""The addresses of « Flux », under ``/g/<agence>/``; their names are the desk's."""

from django.urls import path

from palier.screens.gestion.echanges import changements, hub, lignes, revenir

_IMPORT = "imports/<uuid:import_id>"
urlpatterns = [
    path("flux", hub.Flux.as_view(), name="flux"),
    path("flux/lignes", lignes.Lignes.as_view(), name="lignes"),
    path("flux/lignes/<slug:table>/<uuid:ligne>", lignes.Ligne.as_view(), name="ligne"),
    path(f"{_IMPORT}/changements", changements.Changements.as_view(), name="changements"),
    path(
        f"{_IMPORT}/changements.<str:forme>",
        changements.ChangementsFichier.as_view(),
        name="changements_fichier",
    ),
    path(
        f"{_IMPORT}/changements/<slug:table>/<slug:operation>",
        changements.LignesChangees.as_view(),
        name="lignes_changees",
    ),
    path(f"{_IMPORT}/revenir", revenir.Revenir.as_view(), name="revenir"),
]
