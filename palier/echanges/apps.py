from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.echanges"
    label = "echanges"

    def ready(self) -> None:
        from palier.echanges import policy  # noqa: F401  (registers the policies)
