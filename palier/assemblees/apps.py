from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.assemblees"
    label = "assemblees"

    def ready(self) -> None:
        from palier.assemblees import policy  # noqa: F401  (registers the policies)
