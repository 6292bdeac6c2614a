"""Councils and the posts people hold in them. Posts, never people."""

from django.db import models

from outturn.plans.council import Council as CouncilData
from outturn.plans.risk_settings import risk_rules_of
from outturn.plans.settings import KEYS, settings_of
from outturn.terms.value import Absence


class Council(models.Model):
    """A council, with what it prints when there is no figure."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=100)
    kind = models.CharField(max_length=100)
    source = models.TextField()
    absences = models.JSONField(default=dict)
    area = models.CharField(max_length=10, blank=True)  # its code in returns, where it sends any here
    # the settings, as the council's file words them and plans/settings.py reads them
    judging = models.JSONField(default=dict)
    populations = models.JSONField(default=list)
    region = models.CharField(max_length=100, blank=True)
    peers = models.JSONField(default=list)
    risks = models.JSONField(default=dict)  # as plans/risk_settings.py reads them

    def data(self) -> CouncilData:
        """The council as plain data."""
        absences = {token: Absence(words) for token, words in self.absences.items()}
        settings = settings_of({key: getattr(self, key) for key in KEYS}, absences)
        about = self.slug, self.name, self.short_name, self.kind, self.source
        return CouncilData(*about, absences, self.area, *settings, risk_rules_of(self.risks))
