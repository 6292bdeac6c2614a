from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class Config(AppConfig):
    name = "outturn.site.trail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import keeping, signs, triggers

        pre_migrate.connect(triggers.remove, sender=self)
        post_migrate.connect(triggers.install, sender=self)
        post_migrate.connect(keeping.begin, sender=self)
        signs.watch()
