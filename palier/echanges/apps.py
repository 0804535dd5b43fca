from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.echanges"
    label = "echanges"

    def ready(self) -> None:
        from palier.echanges import policy  # noqa: F401  (registers the policies)
        from palier.echanges.calendrier import policy as calendrier  # noqa: F401
        from palier.echanges.connecteurs import policy as connecteurs  # noqa: F401
        from palier.echanges.historique import policy as historique  # noqa: F401
        from palier.echanges.reversibilite import policy as reversibilite  # noqa: F401
        from palier.echanges.surveillance import policy as surveillance  # noqa: F401
