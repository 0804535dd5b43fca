from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.courrier"
    label = "courrier"
