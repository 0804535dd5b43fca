from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.retours"
    label = "retours"

    def ready(self) -> None:
        from palier.retours import courriels, policy, tables  # noqa: F401  (registers the mail, the policies, the tables)
