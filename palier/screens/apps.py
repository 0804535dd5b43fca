from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.screens"
    label = "screens"
