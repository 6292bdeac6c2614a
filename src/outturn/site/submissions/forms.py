"""What people fill in: the files they send, and why a submission is withdrawn."""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from outturn.site.editing import date_field, printable
from outturn.terms.period import write_date

from .uploads import ENDINGS

MOST_FILES = 50


class SeveralFiles(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Any number of files, all checked at once."""

    widget = SeveralFiles

    def clean(self, data: list[UploadedFile] | UploadedFile | None, initial: object = None) -> list[UploadedFile]:
        """The files, or every reason why not."""
        given = data if isinstance(data, list) else [data] if data else []
        if not given:
            raise ValidationError("Choose the file or files to send.")
        if len(given) > MOST_FILES:
            raise ValidationError(f"You chose {len(given)} files. Send at most {MOST_FILES} at a time.")
        faults = [words for each in given if (words := _fault(each))]
        if faults:
            raise ValidationError(faults)
        return given


def _fault(upload: UploadedFile) -> str:
    name = re.sub(r"[^\w .()-]", "?", upload.name or "")[:80]
    if not upload.size:
        return f"“{name}” is empty. Export it again, then send it."
    if not (upload.name or "").lower().endswith(ENDINGS):
        return f"“{name}” is not a CSV or Excel (XLSX) file. Export the return as one of these, then send it."
    return ""


class SendForm(forms.Form):
    """Files of Client Level Data, with what the files themselves may not say."""

    files = Files(
        label="Files",
        help_text="CSV or Excel (XLSX), exactly as they leave the case management system. You can choose several.",
    )
    received = date_field(
        "Date received", required=False,
        help_text="Leave it empty for today. For an older file give the day it was sent, such as 31 July 2025: of two "
        "files for one period, the later one counts.",
    )  # fmt: skip
    area = forms.CharField(
        label="Council code", required=False, max_length=10,
        help_text="Only for a file without an LA Code column: the three figures of your council, such as 950.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        self.fields["files"].widget.attrs |= {"accept": ",".join(ENDINGS)}
        self.fields["received"].widget.attrs.pop("maxlength", None)
        self.fields["area"].widget.attrs |= {"inputmode": "numeric"}
        self.fields["area"].widget.attrs.pop("maxlength", None)

    def clean_received(self) -> date | None:
        """Not a day to come."""
        day = self.cleaned_data["received"]
        if day and day > timezone.localdate():
            raise ValidationError(f"{write_date(day)} has not come yet. Give the day on which the file was sent.")
        return day

    def clean_area(self) -> str:
        """Three figures."""
        code = self.cleaned_data["area"].strip()
        if code and not re.fullmatch("[0-9]{3}", code):
            raise ValidationError("A council code has three figures, such as 950. Leave it empty if the file has it.")
        return code


class WithdrawForm(forms.Form):
    """Why a submission should no longer be used."""

    because = forms.CharField(
        label="Why", max_length=2_000, widget=forms.Textarea(attrs={"rows": 4}), validators=[printable],
        help_text="Kept with the submission, for whoever asks later. Name nobody.",
        error_messages={"required": "Write why the submission is withdrawn."},
    )  # fmt: skip

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        self.fields["because"].widget.attrs.pop("maxlength", None)
