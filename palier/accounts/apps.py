from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.accounts"
    label = "accounts"

    def ready(self) -> None:
        from palier.accounts import sessions

        sessions.connect()
