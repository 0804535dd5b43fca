from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.accounts"
    label = "accounts"
