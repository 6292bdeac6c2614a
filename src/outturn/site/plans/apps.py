from django.apps import AppConfig


class Config(AppConfig):
    name = "outturn.site.plans"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What plans ask of people joins what everything else does."""
        from outturn.site.rounds.owed import PROVIDERS

        from .owed import owed

        PROVIDERS.append(owed)
