"""Every address, one include a flat. What is reachable by whom: docs/acces.csv."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path  # noqa: F401

urlpatterns: list[URLPattern | URLResolver] = []

if settings.DEBUG or settings.MODE == "test":
    from palier.screens.shared import urls as shared_urls

    urlpatterns += shared_urls.urlpatterns

handler400 = "palier.screens.shared.erreurs.bad_request"
handler403 = "palier.screens.shared.erreurs.forbidden"
handler404 = "palier.screens.shared.erreurs.not_found"
handler500 = "palier.screens.shared.erreurs.server_error"
