from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.patrimoine"
    label = "patrimoine"

    def ready(self) -> None:
        from palier.patrimoine import policy  # noqa: F401  (registers the policies)
