from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.agences"
    label = "agences"
