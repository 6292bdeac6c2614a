"""The form to sign in with."""

from django.contrib.auth.forms import AuthenticationForm

from .attempts import MINUTES, MOST


class SignInForm(AuthenticationForm):
    """Django's own, in our words."""

    error_messages = {
        "invalid_login": "The account name and password do not belong together. Check both, and try again.",
        "inactive": "This account is closed. Ask whoever runs Outturn for you.",
        "too_many": f"There were {MOST} failed attempts for this account name from your address. "
        f"Wait {MINUTES} minutes, then try again, or ask whoever runs Outturn for you for a new password.",
    }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.fields["username"].label = "Account name"
        self.fields["username"].error_messages["required"] = "Type your account name."
        self.fields["password"].error_messages["required"] = "Type your password."
        self.fields["username"].widget.attrs.pop("autofocus", None)  # it would skip the heading for a screen reader
