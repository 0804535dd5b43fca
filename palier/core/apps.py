from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.core"
    label = "core"
