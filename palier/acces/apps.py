from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.acces"
    label = "acces"

    def ready(self) -> None:
        from palier.acces import policy  # noqa: F401  (registers the policies)
