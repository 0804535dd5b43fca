from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.ged"
    label = "ged"
