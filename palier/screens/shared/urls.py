"""The living page of components: development and tests only."""

from django.urls import path

from palier.screens.shared.views import Styleguide

urlpatterns = [path("styleguide", Styleguide.as_view(), name="styleguide")]
