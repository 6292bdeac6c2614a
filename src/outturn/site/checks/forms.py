"""Forms for dismissing a finding and for taking that back."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from outturn.plans.roles import Deed
from outturn.site.editing import Crumbs, EditForm

from .models import Dismissal


class DismissalForm(EditForm):
    """What both have in common."""

    deed = Deed.DISMISS_CHECK
    section, kind, noun = "checks", "dismissal", "dismissal"

    @property
    def subject(self) -> str:
        return f"{self.instance.subject.partition(':')[2]}/{self.instance.rule}".lstrip("/")

    @property
    def name(self) -> str:
        return f"of {self.instance.rule} on {self.instance.title}"

    @property
    def words(self) -> str:
        return f"{self.instance.rule} on {self.instance.title}"

    @property
    def crumbs(self) -> Crumbs:
        return [("Checks", reverse("checks", args=[self.council.slug]))]


class DismissForm(DismissalForm):
    """Says why a finding may stand."""

    class Meta:
        model = Dismissal
        fields = ("because",)
        labels = {"because": "Reason"}

    @property
    def heading(self) -> str:
        return f"Dismiss {self.words}"

    def prepare(self) -> None:
        self.fields["because"].help_text = (
            f"It says: {self.instance.words} Write why that may stand. The reason is kept, and holds for as long as "
            "the finding says the same."
        )

    def save(self, commit: bool = True) -> Any:
        self.instance.by = self.by
        return super().save(commit)


class TakeBackForm(DismissalForm):
    """Says why a dismissed finding counts again."""

    class Meta:
        model = Dismissal
        fields = ("taken_back_because",)
        labels = {"taken_back_because": "Reason"}

    @property
    def heading(self) -> str:
        return f"Take back the dismissal of {self.words}"

    def prepare(self) -> None:
        del self.fields["reason"]  # this is one
        self.fields["taken_back_because"].required = True
        self.fields["taken_back_because"].help_text = (
            f"It says: {self.instance.words} {self.instance.by} dismissed it: {self.instance.because} Write why it "
            "counts again."
        )

    def save(self, commit: bool = True) -> Any:
        self.instance.taken_back_by, self.instance.taken_back_at = self.by, timezone.now()
        return super().save(commit)
