"""Every address, one include a flat. What is reachable by whom: docs/acces.csv."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("palier.screens.machine.urls")),
    path("", include("palier.screens.public.urls")),
    path("", include("palier.screens.account.urls")),
    path("api/v1/", include("palier.api.urls", namespace="api-1.0.0")),
    path("e/<uuid:espace>/", include("palier.screens.espace.urls")),
    path("g/<slug:agence>/vue/<uuid:espace>/", include("palier.screens.espace.urls", namespace="vue")),
    path("g/<slug:agence>/", include("palier.screens.gestion.urls")),
    path("", include("palier.screens.gestion.urls_racine")),
    path("exploitant/", include("palier.screens.exploitant.urls")),
]

if settings.DEBUG or settings.MODE == "test":
    from palier.screens.shared import urls as shared_urls

    urlpatterns += shared_urls.urlpatterns

if settings.MODE == "demo":
    urlpatterns.append(path("demo/", include("palier.demo.urls")))

handler400 = "palier.screens.shared.erreurs.bad_request"
handler403 = "palier.screens.shared.erreurs.forbidden"
handler404 = "palier.screens.shared.erreurs.not_found"
handler429 = "palier.screens.shared.erreurs.too_many"  # read by allauth
handler500 = "palier.screens.shared.erreurs.server_error"
