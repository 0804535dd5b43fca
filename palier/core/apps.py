from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.core"
    label = "core"

    def ready(self) -> None:
        from palier.core import checks  # noqa: F401  (registers the system checks)
