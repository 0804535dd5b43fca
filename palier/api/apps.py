from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.api"
    label = "api"

    def ready(self) -> None:
        from palier.api import policy  # noqa: F401  (registers the policies)
