from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.comptabilite"
    label = "comptabilite"

    def ready(self) -> None:
        from palier.comptabilite import policy  # noqa: F401  (registers the policies)
