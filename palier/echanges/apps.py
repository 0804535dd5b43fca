from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.echanges"
    label = "echanges"
