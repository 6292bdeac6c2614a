"""Forms for what is asked of the service: the request itself, answers, asking again, and closing."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator

from outturn.plans import requests as rules
from outturn.plans.request_file import PLURALS
from outturn.plans.requests import About, Asker
from outturn.plans.roles import Deed
from outturn.site.editing import Crumbs, EditForm, Typed, date_field, read_sensible_date
from outturn.site.people.access import read_person
from outturn.site.trail.actions import note_change, picture
from outturn.terms.period import write_date

from .access import why_not_close
from .models import Reply, Request
from .reading import link, of_kind, read_request, things_of

LINK_LABELS = {"indicator": "Indicators", "priority": "Priorities", "action": "Actions", "risk": "Risks"}
WHEN_DUE = {"required": "Write when the answer is due."}
A_POST = "A post, never a person: Head of Commissioning."


def read_day_said(text: str) -> date:
    """A day on which something can have been said."""
    day = read_sensible_date(text)
    if day > timezone.localdate():
        raise ValueError(f"{write_date(day)} is yet to come. Write the day on which it was said.")
    return day


def day_said(help_text: str = "The day on which it was said.") -> Typed:
    """The field for one."""
    return Typed(read_day_said, write_date, label="Date", help_text=help_text)


class AskedForm(EditForm):
    """Something about a request."""

    section, kind, noun = "requests", "request", "request"

    @property
    def request(self) -> Request:
        """The request it is about."""
        return self.instance

    @property
    def subject(self) -> str:
        return str(self.request.number)

    @property
    def name(self) -> str:
        return str(self.request.number)

    @property
    def words(self) -> str:
        return f"{self.request.number} {self.request.question}"

    @property
    def crumbs(self) -> Crumbs:
        return [("Requests", reverse("requests", args=[self.council.slug]))]

    @property
    def address(self) -> str:
        return reverse("request", args=[self.council.slug, self.request.number])


class BelowForm(AskedForm):
    """Something said of a request that is there already."""

    @property
    def crumbs(self) -> Crumbs:
        title = Truncator(f"{self.request.number} {self.request.question}").chars(100)
        return [*super().crumbs, (title, self.address)]


class RequestForm(AskedForm):
    """What was asked, by whom, of whom, and by when."""

    deed = Deed.RAISE_REQUEST
    asked_on = day_said("Of the meeting or the message, as 14 September 2026.")
    first_due = date_field("Answer due", help_text="As 12 October 2026.", error_messages=WHEN_DUE)
    field_order = ("asked_by", "meeting", "asked_on", "kind", "question", "owner", "first_due")

    class Meta:
        model = Request
        fields = ("asked_by", "meeting", "asked_on", "kind", "question", "owner", "first_due")
        labels = {
            "asked_by": "Who asked", "meeting": "Meeting or body", "kind": "What is wanted",
            "question": "In the words it was asked in", "owner": "Who owes the answer",
        }
        help_texts = {
            "meeting": "Such as Adults and Health Scrutiny Committee.",
            "question": "It stands like this in every pack until it is closed. Name nobody.",
            "owner": A_POST,
        }
        error_messages = {
            "asked_by": {"required": "Choose who asked."}, "kind": {"required": "Choose what is wanted."},
            "question": {"required": "Write what was asked."}, "owner": {"required": "Write who owes the answer."},
        }
        widgets = {"asked_by": forms.RadioSelect, "kind": forms.RadioSelect}

    def prepare(self) -> None:
        for name in ("asked_by", "kind"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        things = things_of(self.council)
        for kind, name in PLURALS.items():
            if offered := of_kind(things, kind):
                label = f"{LINK_LABELS[kind]} it concerns"
                boxes = forms.MultipleChoiceField(
                    choices=offered, required=False, label=label, widget=forms.CheckboxSelectMultiple
                )
                self.fields[name] = boxes
        if "reason" in self.fields:
            self.fields["reason"] = self.fields.pop("reason")  # at the end

    def start(self, thing: Any) -> dict[str, Any]:
        about = getattr(thing, "about", None)  # of a new one, begun from the page of a thing
        if about is None:
            about = read_request(thing).about if thing.pk else ()
        return {name: [each.place for each in about if each.kind == kind] for kind, name in PLURALS.items()}

    @property
    def heading(self) -> str:
        return "Note what was asked" if self.adding else super().heading

    def clean(self) -> None:
        found = self.cleaned_data
        if found.get("asked_by") == Asker.OTHER and not found.get("meeting"):
            self.add_error("meeting", "Say who asked: the body or the occasion.")
        asked_on, due = found.get("asked_on"), found.get("first_due")
        if asked_on and due and (fault := rules.due_fault(asked_on, due)):
            self.add_error("first_due", fault)

    def clean_asked_on(self) -> date:
        asked_on = self.cleaned_data["asked_on"]
        replies = [] if self.adding else read_request(self.instance).replies
        if replies and replies[0].on < asked_on:
            raise ValidationError(f"Somebody replied on {write_date(replies[0].on)}, so it was asked by then.")
        return asked_on

    def chosen(self) -> list[About]:
        """What was ticked."""
        return [About(kind, place) for kind, name in PLURALS.items() for place in self.cleaned_data.get(name) or ()]

    def picture(self) -> dict[str, Any]:
        about = self.chosen() if self.instance.pk is None else read_request(self.instance).about
        return {**super().picture(), "about": sorted(f"{each.kind} {each.place}" for each in about)}

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        link(saved, self.chosen())
        return saved


class ReplyForm(BelowForm):
    """What both kinds of reply have in common."""

    kind = "reply"
    on = day_said()
    field_order = ("on", "by", "text")

    @property
    def request(self) -> Request:
        return self.instance.request

    @property
    def subject(self) -> str:
        return f"{self.request.number}/{self.instance.order}"

    @property
    def name(self) -> str:
        return f"to request {self.request.number}"

    def start(self, thing: Any) -> dict[str, Any]:
        return {"on": thing.on or timezone.localdate(), "by": thing.by or self.first_by(thing.request)}

    def first_by(self, request: Request) -> str:
        """Who is likeliest to have said it."""
        raise NotImplementedError

    def clean(self) -> None:
        found = self.cleaned_data
        if found.get("on"):
            reply = rules.Reply(found["on"], found.get("text") or "", found.get("by") or "", found.get("due"))
            if fault := rules.reply_fault(read_request(self.request), reply):
                self.add_error("due" if found.get("due") and found["due"] < found["on"] else "on", fault)


class AnswerForm(ReplyForm):
    """An answer to whoever asked."""

    noun = "answer"
    deed = Deed.ANSWER_REQUEST

    class Meta:
        model = Reply
        fields = ("on", "by", "text")
        labels = {"by": "Who answered", "text": "Answer"}
        error_messages = {"by": {"required": "Write who answered."}}
        help_texts = {"by": A_POST}

    def prepare(self) -> None:
        asked = read_request(self.request)
        words = next((reply.text for reply in reversed(asked.replies) if reply.asks_again), asked.question)
        self.fields["text"].help_text = f"{asked.who} asked: {words} Name nobody in the answer."

    @property
    def heading(self) -> str:
        return f"{'Answer' if self.adding else 'Edit the answer to'} request {self.request.number}"

    def first_by(self, request: Request) -> str:
        return request.owner


class AgainForm(ReplyForm):
    """Whoever asked is not content: the question stands again, also where it had been closed."""

    noun = "question asked again"
    deed = Deed.RAISE_REQUEST
    due = date_field("Answer due", help_text="As 12 October 2026.", error_messages=WHEN_DUE)

    class Meta:
        model = Reply
        fields = ("on", "by", "text", "due")
        labels = {"by": "Who asked again", "text": "What is still wanted"}
        error_messages = {
            "by": {"required": "Write who asked again."}, "text": {"required": "Write what is still wanted."},
        }
        help_texts = {"text": "In the words it was said in."}

    @property
    def heading(self) -> str:
        return f"Ask request {self.request.number} again"

    def first_by(self, request: Request) -> str:
        return read_request(request).who

    def changed(self) -> None:
        """A request asked again is open again."""
        request = self.request
        if not (self.adding and request.closed_on):
            return
        before = picture(request)
        request.closed_on, request.closed_because, request.closed_by = None, "", ""
        request.save()
        note_change(
            by=self.by, verb="changed", council=self.council.slug, kind="request", subject=str(request.number),
            title=f"{request.number} {request.question}", before=before, after=picture(request),
            reason=self.instance.text,
        )


class CloseForm(BelowForm):
    """Whoever asked is content, or somebody else says so on their behalf."""

    deed = Deed.RAISE_REQUEST
    closed_on = day_said()
    closed_by = Typed(
        str, only_if=True, label="Post that closes it on their behalf",
        help_text="Only where somebody else closes it. Never the post that owes the answer.",
    )
    themselves = forms.TypedChoiceField(
        label="Who closes it", widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", ""), ("no", "")], error_messages={"required": "Choose who closes it."},
    )
    field_order = ("themselves", "closed_by", "closed_on", "closed_because")

    class Meta:
        model = Request
        fields = ("closed_by", "closed_on", "closed_because")
        labels = {"closed_because": "Reason"}
        help_texts = {"closed_because": "Why they are content: what they said, or what was agreed."}

    @property
    def heading(self) -> str:
        return f"Close request {self.request.number}"

    def prepare(self) -> None:
        del self.fields["reason"]  # the form asks for one of its own
        self.asked = read_request(self.request)
        self.fields["closed_because"].required = True
        self.fields["themselves"].choices = [("yes", self.asked.who), ("no", "Somebody else on their behalf")]

    def start(self, thing: Any) -> dict[str, Any]:
        return {"closed_on": timezone.localdate()}

    def clean(self) -> None:
        person = read_person(User.objects.get(username=self.by), timezone.localdate())
        if why_not := why_not_close(person, self.council.slug, self.asked):
            self.add_error(None, why_not)
        found = self.cleaned_data
        themselves = found.get("themselves")
        post = found["closed_by"] = "" if themselves else found.get("closed_by") or ""
        if themselves is False and not post:
            self.add_error("closed_by", "Write the post that closes it on their behalf.")
        if found.get("closed_on"):
            closing = rules.Closing(found["closed_on"], found.get("closed_because") or "", post)
            if fault := rules.closing_fault(self.asked, closing):
                self.add_error("closed_on" if closing.on < self.asked.last_on else "closed_by", fault)
