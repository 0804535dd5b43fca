from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.comptabilite"
    label = "comptabilite"
