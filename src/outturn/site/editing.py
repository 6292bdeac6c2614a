"""The one way a person adds or edits a thing: form, refusal or save, one row in the trail, back to the page.

A view names the form and the thing, nothing more:

    @editor
    def edit_risk(council, plan, reference):
        return RiskForm, find_risk(council, plan, reference)

Everything is refused before anything is done. What is saved is saved in one transaction with its row in the trail.
"""

import re
import unicodedata
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.db.models import Manager, Max, Model
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from outturn.plans.roles import Deed
from outturn.terms.period import read_date, write_date

from .councils.models import Council
from .people.access import demand, person_of
from .trail.actions import note_change, picture
from .trail.models import Change

LONGEST_TEXT = 20_000  # characters in a field of several lines; York's longest section has a tenth
STAYS = "It stays the same: the address and the history are known by it."
SENT_ALONG = {"seen", "csrfmiddlewaretoken"}
UNPRINTABLE = re.compile("[\x00-\x08\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
YEARS_AWAY = 50  # a date further off than this is a slip of the keyboard
ROWS, MANY_ROWS, MOST_BOXES = 4, 16, 10

Crumbs = list[tuple[str, str]]


def printable(text: Any) -> None:
    """Refuse characters that no page, PDF or database can carry."""
    if found := UNPRINTABLE.search(str(text)):
        code = f"U+{ord(found[0]):04X}"
        words = f"Character {found.start() + 1} ({code}) cannot be printed. Delete it; it may have come with a paste."
        raise ValidationError(words)


class Typed(forms.CharField):
    """Text that a rule reads into something. The rule's own message is shown when it cannot."""

    def __init__(
        self, read: Callable[[str], Any], write: Callable[[Any], str] = str, *, only_if: bool = False, **kwargs: Any
    ) -> None:
        self.read, self.write = read, write
        self.only_if = only_if  # another field decides whether it is needed, so the page cannot call it optional
        super().__init__(**{"max_length": 200, **kwargs})

    def clean(self, value: Any) -> Any:
        if self.disabled:
            return value
        if self.only_if and not (value or "").strip():
            return None
        text = super().clean(value)
        try:
            return self.read(text) if text else None
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "" if value is None else self.write(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and self.prepare_value(initial) != (data or "").strip()


def date_field(label: str, **kwargs: Any) -> Typed:
    """A day, in any of the ways people write one."""
    return Typed(read_sensible_date, write_date, label=label, **kwargs)


def read_sensible_date(text: str) -> date:
    """A day that something in a council's records can have."""
    day = read_date(text)
    if abs(day.year - timezone.localdate().year) > YEARS_AWAY:
        raise ValueError(f"{write_date(day)} is too far away to be right. Check the year.")
    return day


class EditForm(forms.ModelForm):
    """A form for one kind of thing. `short` names its short fields; `beside` those that stand in one row."""

    deed = Deed.EDIT_PLAN  # what somebody must be allowed, to open it
    section = ""  # of the site
    kind = ""  # in the trail
    noun = ""  # on the page
    short: tuple[str, ...] = ()
    beside: tuple[tuple[str, ...], ...] = ()
    long: tuple[str, ...] = ()  # fields of running text
    asks_reason = False  # also when adding
    appends = False  # adds to a list under a subject that others add to as well, so nobody's work is at risk

    def __init__(self, thing: Model, data: QueryDict | None = None, *, council: Council, by: str) -> None:
        self.council, self.by = council, by
        self.adding = thing.pk is None
        self.elsewhere: tuple[str, str] | None = None  # words and address of the page to use instead
        super().__init__(tidy(data) if data is not None else None, instance=thing, initial=self.start(thing))
        self.use_required_attribute = False
        if self.asks_reason or not self.adding:
            self.fields["reason"] = forms.CharField(
                label="Reason for the change", required=False, max_length=2_000, widget=forms.Textarea,
                help_text="Kept in the history of changes, for whoever asks later.",
            )
        self.prepare()
        for name, field in self.fields.items():
            self._polish(name, field)

    def start(self, thing: Model) -> dict[str, Any]:
        """What the form's own fields hold at first, where that is not simply the thing's field of that name."""
        return {}

    def prepare(self) -> None:
        """Fit the fields to the thing and its council."""

    def _polish(self, name: str, field: forms.Field) -> None:
        said = field.error_messages
        if isinstance(field, forms.CharField):
            field.validators = [printable, *field.validators]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs = {"rows": MANY_ROWS if name in self.long else ROWS}
                if field.max_length is None:
                    field.max_length = LONGEST_TEXT
                    field.validators.append(MaxLengthValidator(LONGEST_TEXT))
            field.widget.attrs.pop("maxlength", None)  # it would cut off a paste without a word
            said["max_length"] = "This has %(show_value)d characters. Shorten it to %(limit_value)d."
        if said.get("required") == forms.Field.default_error_messages["required"]:
            chosen = isinstance(field, forms.ChoiceField)
            said["required"] = f"{'Choose' if chosen else 'Write'} the {_uncapitalised(field.label or name)}."
        if isinstance(field, forms.ChoiceField):
            said["invalid_choice"] = said["invalid_pk_value"] = "That is not one of the choices. Choose again."
            if isinstance(field, forms.TypedChoiceField) and isinstance(field.widget, forms.Select):
                blank = "Choose one" if field.required else "None given"
                field.choices = [(key, words if key not in ("", None) else blank) for key, words in field.choices]

    # What the page and the trail say of the thing

    @property
    def subject(self) -> str:
        """Its place in the trail, stable within its kind."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """What people call it, short."""
        return ""

    @property
    def words(self) -> str:
        """A line for the trail."""
        return self.name

    @property
    def heading(self) -> str:
        """The page's title."""
        if self.adding:
            return f"Add {'an' if self.noun[0] in 'aeiou' else 'a'} {self.noun}"
        return f"Edit {self.noun} {self.name}".strip()

    @property
    def crumbs(self) -> Crumbs:
        """The pages above it."""
        raise NotImplementedError

    @property
    def address(self) -> str:
        """Where to read it."""
        return self.crumbs[-1][1]

    def picture(self) -> dict[str, Any]:
        """What the trail keeps of it."""
        return picture(self.instance)

    def changed(self) -> None:
        """What else must move when the thing has changed, in the same transaction."""

    # For the template

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields, those that belong beside each other together."""
        groups = {name: group for group in self.beside for name in group}
        found: dict[tuple[str, ...], list[forms.BoundField]] = {}
        for name in self.fields:
            found.setdefault(groups.get(name, (name,)), []).append(self[name])
        return list(found.values())

    def width(self, field: forms.BoundField) -> str:
        """For the `field` macro: what is typed to be read by a rule is seldom long."""
        return "short" if field.name in self.short else "medium" if isinstance(field.field, Typed) else ""

    def is_long_list(self, field: forms.BoundField) -> bool:
        """Whether there are so many boxes to tick that they are better folded away."""
        return isinstance(field.field.widget, forms.CheckboxSelectMultiple) and len(field.subwidgets) > MOST_BOXES

    @property
    def own_changes(self) -> list[str]:
        """Fields the user typed anything new into."""
        return [name for name in self.changed_data if name != "reason"]

    def differences(self) -> list[tuple[str, str, str]]:
        """Label, what is stored and what was typed, where the two differ."""
        return [
            (self[name].label, self._shown(name, self[name].initial), self._shown(name, self[name].data))
            for name in self.own_changes
        ]

    def _shown(self, name: str, value: Any) -> str:
        field = self.fields[name]
        value = field.prepare_value(value)
        if isinstance(field, forms.BooleanField):
            return "Yes" if field.to_python(value) else "No"
        if isinstance(field, forms.ChoiceField):
            chosen = {str(each) for each in (value if isinstance(value, list | tuple) else [value])}
            return "; ".join(str(words) for key, words in field.choices if str(key) in chosen and str(key))
        return "" if value is None else str(value)


def _uncapitalised(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def tidy(data: QueryDict) -> QueryDict:
    """What was sent, with one kind of line end (Word pastes its own) and one spelling of every letter."""
    tidied = data.copy()
    for name, values in data.lists():
        ends = [re.sub("\r\n?|[\x0b\u2028\u2029]", "\n", value) for value in values]
        tidied.setlist(name, [unicodedata.normalize("NFC", value) for value in ends])
    return tidied


def lines_of(text: str) -> str:
    """A field with one entry on each line, without blank lines and stray spaces."""
    return "\n".join(words for line in text.splitlines() if (words := " ".join(line.split())))


def clean_lines(name: str):
    """A method that tidies a field with one entry on each line."""
    return lambda form: lines_of(form.cleaned_data[name])


def after_last(things: Manager, field: str = "order") -> int:
    """The next place in a list."""
    return (things.aggregate(last=Max(field))["last"] or 0) + 1


Page = tuple[type[EditForm], Model]


def editor(view: Callable[..., Page]) -> Callable[..., HttpResponse]:
    """Make a page of a function that finds the form and the thing. Raises Http404 where there is no such thing."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @login_required(login_url="login")
    @wraps(view)
    def page(request: HttpRequest, council: str, **place: Any) -> HttpResponse:
        if any("\x00" in str(part) for part in place.values()):
            raise Http404("No address holds such a character.")
        posted = request.method == "POST"
        # one editor of a council at a time: what is checked below still holds when it is saved
        with transaction.atomic() if posted else nullcontext():
            councils = Council.objects.select_for_update() if posted else Council.objects
            stored = get_object_or_404(councils, slug=council)
            # before the thing itself is read, so that a change in between counts as unseen
            newest = Change.objects.filter(council=stored.slug).values_list("id", flat=True).first() or 0
            form_class, thing = view(stored, **place)
            demand(person_of(request), form_class.deed, council, thing)
            return _answer(request, stored, form_class, thing, newest)

    return page


def _answer(
    request: HttpRequest, council: Council, form_class: type[EditForm], thing: Model, newest: int
) -> HttpResponse:
    by = request.user.get_username()
    form = form_class(thing, request.POST if request.method == "POST" else None, council=council, by=by)
    before = {} if form.adding else form.picture()  # now, since checking a form already puts what was typed into it
    context = {
        "council": council.data(), "form": form, "heading": form.heading, "crumbs": form.crumbs, "seen": newest,
        "back": form.crumbs[-1][1] if form.adding else form.address, "theirs": [],
    }
    if request.method == "POST":
        seen = _seen(request.POST)
        subject = form.subject
        form.is_valid()
        _refuse_unknown(form, request.POST)
        theirs = [] if form.appends else _unseen(council.slug, form.kind, subject, seen)
        if theirs and form.own_changes:
            form.add_error(None, _stale_words(theirs[0]))
            context["theirs"] = form.differences()
        if form.is_valid():
            return redirect(_save(request, form, before, seen))
    return render(request, "edit.html", context)


def _seen(data: QueryDict) -> int:
    text = data.get("seen", "")
    return int(text) if re.fullmatch("[0-9]{1,18}", text) else 0


def _refuse_unknown(form: EditForm, data: QueryDict) -> None:
    unknown = sorted(set(data) - set(form.fields) - SENT_ALONG)
    if unknown:
        names = ", ".join(f"“{UNPRINTABLE.sub('?', name[:40])}”" for name in unknown[:3])
        form.add_error(None, f"This page has no field {names}. Nothing was saved. Open the page again and fill it in.")


def _unseen(council: str, kind: str, subject: str, seen: int) -> list[Change]:
    return list(Change.objects.filter(council=council, kind=kind, subject=subject, id__gt=seen)[:1])


def _stale_words(change: Change) -> str:
    at = timezone.localtime(change.at)
    return (
        f"{change.by} changed this on {write_date(at)} at {at:%H:%M}, after you opened the page. Nothing of yours has "
        "been saved. Compare the two below, then save again if yours should stand."
    )


def _save(request: HttpRequest, form: EditForm, before: dict[str, Any], seen: int) -> str:
    """Save the thing with its row in the trail, say so, and give the address to go to."""
    if form.adding and seen and _sent_already(form, seen):
        messages.info(request, f"This {form.noun} was saved already, so it was not added again.")
        return form.crumbs[-1][1]
    reason = form.cleaned_data.get("reason", "")
    thing = form.save()
    thing.refresh_from_db()  # so that both pictures show figures as the database writes them
    after = form.picture()
    if before == after:
        messages.info(request, "Nothing was changed: the page already said that.")
        return form.address
    form.changed()
    note_change(  # last, so that it takes along all that was written
        by=form.by, verb="added" if form.adding else "changed", council=form.council.slug, kind=form.kind,
        subject=form.subject, title=form.words, before=before, after=after, reason=reason,
    )
    saved = f"{form.noun} {form.name}".strip()
    messages.success(request, f"{saved[0].upper()}{saved[1:]} saved.")
    return form.address


def _sent_already(form: EditForm, seen: int) -> bool:
    """Whether a button pressed twice has sent the same new thing twice. Those with names refuse a second one anyway."""
    if form.instance._meta.many_to_many:
        return False
    new = {key: value for key, value in form.picture().items() if value is not None}
    above, slash, _ = form.subject.rpartition("/")
    parent = form.subject if form.appends else above + slash
    since = Change.objects.filter(
        council=form.council.slug, kind=form.kind, by=form.by, verb="added", id__gt=seen, subject__startswith=parent
    )
    return any(change.after == new for change in since)
