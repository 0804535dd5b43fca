from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.vie_privee"
    label = "vie_privee"
