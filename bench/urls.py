"""The portal's addresses, and the bare views beside them: same process, same middleware."""

from django.urls import path

from bench.views import bare_file, bare_page
from config.urls import handler400, handler403, handler404, handler500, urlpatterns

urlpatterns = [*urlpatterns, path("banc/page", bare_page), path("banc/fichier", bare_file)]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
