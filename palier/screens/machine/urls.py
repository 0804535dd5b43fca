"""Addresses for machines."""

from django.urls import path

from palier.screens.machine.views import Health, Ready

urlpatterns = [
    path("healthz", Health.as_view(), name="healthz"),
    path("readyz", Ready.as_view(), name="readyz"),
]
