from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.courrier"
    label = "courrier"

    def ready(self) -> None:
        from palier.courrier import (  # noqa: F401  (register themselves)
            modeles_avis,
            modeles_contrat,
            modeles_droits,
            modeles_flux,
            modeles_vie_privee,
            policy,
        )
