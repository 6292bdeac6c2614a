from django.apps import AppConfig


class Config(AppConfig):
    name = "outturn.site.accounts"
    default_auto_field = "django.db.models.BigAutoField"
