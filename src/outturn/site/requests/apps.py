from django.apps import AppConfig


class Config(AppConfig):
    name = "outturn.site.requests"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from outturn.site.rounds.owed import PROVIDERS

        from .owed import owed_answers

        PROVIDERS.append(owed_answers)
