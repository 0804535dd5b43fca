from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.patrimoine"
    label = "patrimoine"
