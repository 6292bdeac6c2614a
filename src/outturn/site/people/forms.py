"""Forms about people. None of them changes a list in place: things are added and removed, so no two edits collide."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from outturn.plans.roles import key_of
from outturn.site.councils.models import Council
from outturn.site.editing import date_field, lines_of, printable, tidy
from outturn.site.plans.models import Plan
from outturn.site.scorecards.models import Scorecard

from .models import ROLES, Absence, Grant, Scope, ServiceToken


class PlainForm(forms.Form):
    """A form in our words."""

    def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
        super().__init__(tidy(data) if data is not None else None, files, label_suffix="", **kwargs)
        self.use_required_attribute = False
        for field in self.fields.values():
            if isinstance(field, forms.CharField):
                field.validators = [printable, *field.validators]
                field.widget.attrs.pop("maxlength", None)


class NewPersonForm(PlainForm):
    """An account that is to be added."""

    account = forms.CharField(
        label="Account name", max_length=150,
        help_text="What they sign in with. With single sign-on: their user name there, such as ada@council.example.",
    )  # fmt: skip
    name = forms.CharField(label="Name", required=False, max_length=150)
    email = forms.EmailField(label="E-mail address", required=False, help_text="For notices of what they owe.")

    def clean_account(self) -> str:
        account = self.cleaned_data["account"]
        if User.objects.filter(username__iexact=account).exists():
            raise ValidationError(f"There is an account {account} already.")
        User(username=account).clean_fields(exclude=["password"])
        return account


class NameForm(PlainForm):
    """What people call somebody."""

    name = NewPersonForm.base_fields["name"]
    email = NewPersonForm.base_fields["email"]


class ScopeForm(PlainForm):
    """A role, and where it holds."""

    role = forms.ChoiceField(choices=ROLES, widget=forms.RadioSelect, label="Role")
    council = forms.ChoiceField(required=False, label="Council")
    services = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), label="Services",
        help_text="One on each line, as plans name them; for scorecards the directorate. Leave empty for all.",
    )  # fmt: skip
    plans = forms.CharField(
        required=False, widget=forms.Textarea(attrs={"rows": 3}), label="Plans",
        help_text="One on each line, as in their addresses, such as 2026-27. Leave empty for all.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].choices = [("", "Every council"), *council_choices()]

    def clean_services(self) -> list[str]:
        return sorted(set(lines_of(self.cleaned_data["services"]).splitlines()))

    def clean_plans(self) -> list[str]:
        return sorted(set(lines_of(self.cleaned_data["plans"]).splitlines()))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        council, services, plans = data.get("council"), data.get("services", []), data.get("plans", [])
        if (services or plans) and not council:
            self.add_error("council", "Choose the council whose services or plans these are.")
            return data
        known = {
            key_of(service): service
            for model, name in ((Plan, "service"), (Scorecard, "directorate"))
            for service in model.objects.filter(council__slug=council).values_list(name, flat=True)
        }
        for each in services:
            if key_of(each) not in known:
                self.add_error("services", f"No plan or scorecard is of the service “{each}”. There is: "
                               f"{', '.join(sorted(set(known.values())))}.")  # fmt: skip
        slugs = set(Plan.objects.filter(council__slug=council).values_list("slug", flat=True))
        for each in plans:
            if each not in slugs:
                self.add_error("plans", f"There is no plan “{each}”. There is: {', '.join(sorted(slugs))}.")
        data["services"] = sorted({known.get(key_of(each), each) for each in services})
        return data

    def scope(self, model: type[Scope] = Grant) -> Any:
        """What was chosen, not yet stored."""
        return model(**{name: self.cleaned_data[name] for name in ("role", "council", "services", "plans")})


class TokenForm(ScopeForm):
    """A key for a program."""

    name = forms.CharField(label="What it is for", max_length=100, help_text="Such as Power BI, or the warehouse.")
    field_order = ("name", "role", "council", "services", "plans")

    def scope(self, model: type[Scope] = ServiceToken) -> Any:
        made = super().scope(model)
        made.name = self.cleaned_data["name"]
        return made


class PostForm(PlainForm):
    """A post that somebody holds."""

    council = forms.ChoiceField(label="Council")
    post = forms.CharField(
        label="Post", max_length=200, help_text="As plans name the owners of actions, risks and indicators."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["council"].choices = council_choices()


class AbsenceForm(PlainForm):
    """Days away."""

    first = date_field("First day away")
    last = date_field("Last day away")
    deputy = forms.ChoiceField(
        required=False, label="Who stands in",
        help_text="On these days they may do all that the person away may do, but for an administrator’s work.",
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        others = User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("username")
        self.people = {each.username: each for each in others}
        names = [(name, f"{each.get_full_name()} ({name})".strip()) for name, each in self.people.items()]
        self.fields["deputy"].choices = [("", "Nobody"), *names]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", "The last day is before the first.")
        return data

    def absence(self) -> Absence:
        """What was chosen, not yet stored."""
        data = self.cleaned_data
        return Absence(user=self.user, first=data["first"], last=data["last"], deputy=self.people.get(data["deputy"]))


class FileForm(PlainForm):
    """A file of joiners, movers and leavers."""

    file = forms.FileField(label="File", help_text="CSV, as Excel saves it.")


def council_choices() -> list[tuple[str, str]]:
    """Every council by name."""
    return list(Council.objects.order_by("name").values_list("slug", "name"))
