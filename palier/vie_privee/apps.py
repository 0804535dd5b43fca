from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.vie_privee"
    label = "vie_privee"

    def ready(self) -> None:
        from palier.vie_privee import policy  # noqa: F401  (registers the policies)
