from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.agences"
    label = "agences"

    def ready(self) -> None:
        from palier.agences import policy  # noqa: F401  (registers the policies)
