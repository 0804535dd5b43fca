from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.ged"
    label = "ged"

    def ready(self) -> None:
        from palier.ged import policy  # noqa: F401  (registers the policies)
