from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.acces"
    label = "acces"
