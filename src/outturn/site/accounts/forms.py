"""Forms to sign in with, and to choose a password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from .attempts import MINUTES

TOO_MANY = (
    f"There were too many failed attempts. Wait {MINUTES} minutes, then try again, or ask whoever runs Outturn for you "
    "for a new password."
)
RUN_OUT = "This temporary password has run out. Ask whoever runs Outturn for you for another."


class SignInForm(AuthenticationForm):
    """Django's own, in our words."""

    error_messages = {
        "invalid_login": "The account name and password do not belong together. Check both, and try again.",
        "inactive": "This account is closed. Ask whoever runs Outturn for you.",
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = "Account name"
        self.fields["username"].error_messages["required"] = "Type your account name."
        self.fields["password"].error_messages["required"] = "Type your password."
        self.fields["username"].widget.attrs.pop("autofocus", None)  # it would skip the heading for a screen reader


class CodeForm(forms.Form):
    """A code from the phone, or a recovery code."""

    code = forms.CharField(
        max_length=40, label="Code",
        error_messages={"required": "Type the code."},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.use_required_attribute = False


class PasswordForm(forms.Form):
    """A person's own new password."""

    old_password = forms.CharField(
        label="Present password", strip=False, error_messages={"required": "Type your present password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    new_password = forms.CharField(
        label="New password", strip=False, error_messages={"required": "Type a new password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Three or four words that have nothing to do with each other are best.",
    )  # fmt: skip
    again = forms.CharField(
        label="New password again", strip=False, error_messages={"required": "Type the new password again."},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)
        self.user = user
        self.use_required_attribute = False

    def clean_old_password(self) -> str:
        typed = self.cleaned_data["old_password"]
        if not self.user.check_password(typed):
            raise ValidationError("This is not your present password. Type the one you signed in with.")
        return typed

    def clean_new_password(self) -> str:
        typed = self.cleaned_data["new_password"]
        validate_password(typed, self.user)
        if typed == self.data.get("old_password"):
            raise ValidationError("This is your present password. Take another.")
        return typed

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("new_password", self.cleaned_data["again"]):
            raise ValidationError("The two differ. Type the new password again.")
        return self.cleaned_data["again"]
