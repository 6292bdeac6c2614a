from django.apps import AppConfig


class Config(AppConfig):
    name = "outturn.site.people"
    default_auto_field = "django.db.models.BigAutoField"
