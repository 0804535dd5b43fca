from django.apps import AppConfig


class Config(AppConfig):
    name = "palier.courrier"
    label = "courrier"

    def ready(self) -> None:
        from palier.courrier import modeles_avis, modeles_flux, modeles_vie_privee, policy  # noqa: F401  (register themselves)
