from django.apps import AppConfig


class Config(AppConfig):
    name = "outturn.site.rounds"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .owed import PROVIDERS
        from .owing import owed_in_rounds

        PROVIDERS.append(owed_in_rounds)
