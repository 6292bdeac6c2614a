"""Digests: what they say, that nobody gets two, what happens when the mail server is away; and calendars of rounds."""

import email
import json
import socket
from datetime import UTC, date, datetime, timedelta
from email import policy
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from django.contrib.auth.models import User
from django.utils import timezone
from icalendar import Calendar

from outturn.cli.report import Report
from outturn.plans.roles import Grant, Person, Role
from outturn.plans.round import Step, dates_for
from outturn.site.councils.models import Council
from outturn.site.notices import calendars, mail, sending
from outturn.site.notices.digest import MOST_LISTED, digests
from outturn.site.notices.models import CalendarAddress, Notice, Preference
from outturn.site.rounds import owed
from outturn.site.rounds.models import Round
from outturn.site.rounds.owed import Owed
from outturn.terms.period import Period
from outturn.workspace import Workspace

WEDNESDAY = date(2026, 11, 25)
QUARTER = Period.read("Q2 2026/27")
LATE, SOON = WEDNESDAY - timedelta(days=2), WEDNESDAY + timedelta(days=6)
OWNER_POST, HOSTILE = "Head of Commissioning", '<a href="//evil">Free</a>\r\nBcc: all@example.com'

pytestmark = pytest.mark.django_db


def owing(title: str, due: date | None, council: str = "harrowmere") -> Owed:
    overdue = bool(due and due < WEDNESDAY)
    return Owed("action", title, due, f"/{council}/plans/2026-27/", overdue, "It is yours.", council)


@pytest.fixture
def debts(monkeypatch):
    """What each account owes, put in by a test."""
    found: dict[str, list[Owed]] = {}
    monkeypatch.setattr(owed, "PROVIDERS", [lambda person, today: found.get(person.account, [])])
    return found


@pytest.fixture
def box(settings, tmp_path, monkeypatch):
    """A workspace whose outbox is a folder of this test."""
    monkeypatch.delenv("OUTTURN_SMTP", raising=False)
    settings.WORKSPACE = Workspace(tmp_path)
    return settings.WORKSPACE.outbox


@pytest.fixture
def ada(db):
    return person("ada", Role.OWNER, OWNER_POST)


def person(name: str, role: Role, post: str, council: str = "harrowmere") -> User:
    user = User.objects.create_user(name, f"{name}@example.gov.uk")
    user.grants.create(role=role, council=council)
    user.holdings.create(council="harrowmere", post=post)
    return user


def written(box) -> list[email.message.EmailMessage]:
    files = sorted(box.glob("*.eml")) if box.exists() else []
    return [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


def plain(message: email.message.EmailMessage) -> str:
    return message.get_body(("plain",)).get_content()


# --- what is said


def test_a_digest_says_what_is_owed_in_plain_text_and_html(box, ada, debts, monkeypatch):
    monkeypatch.setenv("OUTTURN_ADDRESS", "https://outturn.example.gov.uk/")
    later = owing("Next year", SOON.replace(year=2027))
    debts["ada"] = [owing("Open the flats", LATE), owing("Write to carers", SOON), later]
    assert sending.send_all(WEDNESDAY).sent == 1
    [message] = written(box)
    assert message["Subject"] == "Outturn: 1 overdue, 1 due soon"
    assert message["To"] == "ada@example.gov.uk"
    for text in (plain(message), message.get_body(("html",)).get_content()):
        for words in ("Open the flats", "due 23 November 2026, 2 working days ago", "Write to carers", "by 9 December",
                      "https://outturn.example.gov.uk/harrowmere/plans/2026-27/", "/notices/"):  # fmt: skip
            assert words in text
        assert "Next year" not in text
        assert "ada" not in text
    assert Notice.objects.get().posts == OWNER_POST


def test_what_is_overdue_for_long_is_told_to_the_head_of_service_and_then_to_the_director(box, ada, debts):
    person("ben", Role.HEAD_OF_SERVICE, "Assistant Director")
    person("cleo", Role.DIRECTOR, "Director")
    person("dot", Role.DIRECTOR, "Director elsewhere", council="york")
    debts["ada"] = [owing("Late by 6", date(2026, 11, 17)), owing("Late by 5", date(2026, 11, 18)),
                    owing("Late by 11", date(2026, 11, 10)), owing("Late by 10", date(2026, 11, 11))]  # fmt: skip
    sending.send_all(WEDNESDAY)
    told = {message["To"].partition("@")[0]: plain(message) for message in written(box)}
    assert set(told) == {"ada", "ben", "cleo"}
    assert "the head of service after 5 working days and to the director after 10 working days" in told["ben"]
    assert f"owed by {OWNER_POST}" in told["ben"]
    late = ("Late by 5", "Late by 6", "Late by 10", "Late by 11")
    assert [words for words in late if words in told["ben"]] == ["Late by 6", "Late by 10", "Late by 11"]
    assert [words for words in late if words in told["cleo"]] == ["Late by 11"]


def test_what_two_people_owe_is_raised_once_and_only_to_their_own_service():
    grants = {"ada": (Role.OWNER, "Care"), "bob": (Role.OWNER, "Care"), "eve": (Role.HEAD_OF_SERVICE, "Care"),
              "fay": (Role.HEAD_OF_SERVICE, "Roads")}  # fmt: skip
    posts = frozenset({("harrowmere", OWNER_POST)})
    people = {
        name: Person(name, name, (Grant(role, "harrowmere", frozenset({service})),), posts)
        for name, (role, service) in grants.items()
    }
    late = [owing("Late", date(2026, 11, 2))]
    told = digests({people["ada"]: late, people["bob"]: late, people["eve"]: [], people["fay"]: []}, WEDNESDAY)
    assert len(told[people["eve"]].raised) == 1
    assert people["fay"] not in told


def test_a_councillor_is_not_told_on_to_officers_nor_a_head_to_another():
    def one(name: str, role: Role) -> Person:
        return Person(name, name, (Grant(role, "harrowmere"),))

    late = [owing("Late", date(2026, 11, 2))]
    head, director = one("ben", Role.HEAD_OF_SERVICE), one("cleo", Role.DIRECTOR)
    told = digests({one("dev", Role.PORTFOLIO_HOLDER): late, head: [], director: []}, WEDNESDAY)
    assert head not in told
    assert director not in told
    told = digests({one("gus", Role.HEAD_OF_SERVICE): late, head: [], director: []}, WEDNESDAY)
    assert head not in told
    assert len(told[director].raised) == 1


def test_a_huge_list_is_cut_and_says_so(box, ada, debts):
    debts["ada"] = [owing(f"Thing {number:04} {'x' * 400}", LATE) for number in range(2_000)]
    sending.send_all(WEDNESDAY)
    [message] = written(box)
    assert f"and {2_000 - MOST_LISTED} more" in plain(message)
    assert len(message.as_bytes()) < 100_000


def test_hostile_words_are_neither_headers_nor_html(box, ada, debts):
    debts["ada"] = [owing(HOSTILE, LATE)]
    sending.send_all(WEDNESDAY)
    [message] = written(box)
    assert message["Bcc"] is None
    assert '<a href="//evil">' not in message.get_body(("html",)).get_content()


@pytest.mark.parametrize("address", ["ada@example.com\nBcc: all@example.com", "ada@example.com\r\n\r\nHello"])
def test_an_address_with_a_line_end_is_refused_for_good(box, ada, debts, address):
    debts["ada"] = [owing("Late", LATE)]
    User.objects.update(email=address)
    assert sending.send_all(WEDNESDAY).failed
    assert not written(box)
    assert Notice.objects.get().for_good


# --- once


@pytest.mark.parametrize(
    ("often", "days"),
    [("daily", ["25", "26", "27", "30", "01"]), ("weekly", ["25", "30"]), ("none", [])],
)
def test_nobody_is_told_more_often_than_they_want(box, ada, debts, often, days):
    debts["ada"] = [owing("Late", LATE)]
    Preference.objects.create(user=ada, often=often)
    for number in range(7):  # Wednesday to Tuesday
        for _ in range(2):
            sending.send_all(WEDNESDAY + timedelta(days=number))
    assert [f"{notice.day:%d}" for notice in Notice.objects.order_by("day")] == days
    assert len(written(box)) == len(days)


def test_nothing_is_sent_when_there_is_nothing_to_say_or_nowhere_to_send_it(box, ada, debts):
    assert sending.send_all(WEDNESDAY) == sending.Outcome()
    debts["ada"] = [owing("Late", LATE)]
    User.objects.update(email="")
    assert sending.send_all(WEDNESDAY).unaddressed == [OWNER_POST]
    assert not Notice.objects.exists()


def test_a_run_killed_in_the_middle_sends_nothing_twice(box, ada, debts, monkeypatch):
    debts["ada"] = [owing("Late", LATE)]

    class Killed(BaseException):
        pass

    def write_and_die(self, message, name):
        real(self, message, name)
        raise Killed

    real = mail.Files.send
    monkeypatch.setattr(mail.Files, "send", write_and_die)
    with pytest.raises(Killed):
        sending.send_all(WEDNESDAY)
    monkeypatch.setattr(mail.Files, "send", real)
    assert sending.send_all(WEDNESDAY).sent == 0  # somebody may still be at it
    Notice.objects.update(claimed_at=timezone.now() - timedelta(hours=1))
    assert sending.send_all(WEDNESDAY).sent == 1  # a file takes the place of the one before
    assert len(written(box)) == 1


def test_an_interrupted_e_mail_is_not_sent_again(box, ada, debts, server):
    debts["ada"] = [owing("Late", LATE)]
    Notice.objects.create(user=ada, day=WEDNESDAY, claimed_at=timezone.now() - timedelta(hours=1))
    assert sending.send_all(WEDNESDAY).sent == 0
    assert not server.received


def test_a_digest_is_claimed_by_one_only(box, ada, debts):
    debts["ada"] = [owing("Late", LATE)]
    [due] = sending.due_today(WEDNESDAY)
    files = mail.outbox()
    assert sending.claim(due, WEDNESDAY, files)
    assert sending.claim(due, WEDNESDAY, files) is None


# --- mail servers


class Keeping:
    """A mail server that keeps what it gets, or refuses as it is told to."""

    def __init__(self):
        self.received, self.refusal = [], ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        self.received.append(envelope)
        return "250 OK"


@pytest.fixture
def server(monkeypatch):
    keeping = Keeping()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(keeping, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("OUTTURN_SMTP", f"smtp://127.0.0.1:{port}")
    yield keeping
    controller.stop()


def test_a_mail_server_gets_each_message_once(box, ada, debts, server):
    person("ben", Role.OWNER, "Another")
    debts |= {"ada": [owing("Late", LATE)], "ben": [owing("Late", LATE)]}
    assert sending.send_all(WEDNESDAY).sent == 2
    assert sending.send_all(WEDNESDAY).sent == 0
    assert [one.rcpt_tos for one in server.received] == [["ada@example.gov.uk"], ["ben@example.gov.uk"]]
    assert not written(box)


@pytest.mark.parametrize(("reply", "for_good"), [("550 No such user", True), ("451 Come back later", False)])
def test_a_refusal_is_recorded_and_tried_again_where_that_is_of_use(box, ada, debts, server, reply, for_good):
    debts["ada"] = [owing("Late", LATE)]
    server.refusal = reply
    assert sending.send_all(WEDNESDAY).failed == [f"The mail server refused the address ({reply[:3]})."]
    assert Notice.objects.get().for_good is for_good
    server.refusal = ""
    assert sending.send_all(WEDNESDAY).sent == 0  # not at once
    Notice.objects.update(ended_at=timezone.now() - timedelta(hours=1))
    assert sending.send_all(WEDNESDAY).sent == (0 if for_good else 1)


def test_a_server_that_is_away_is_asked_once_and_its_password_is_not_told(box, ada, debts, monkeypatch):
    debts |= {name: [owing("Late", LATE)] for name in ("ada", "ben", "cleo")}
    person("ben", Role.OWNER, "Another"), person("cleo", Role.OWNER, "A third")
    asked = []

    def refuse(self):
        asked.append(1)
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(mail.EmailBackend, "open", refuse)
    monkeypatch.setenv("OUTTURN_SMTP", "smtp://me:secret@localhost:1")
    outcome = sending.send_all(WEDNESDAY)
    assert outcome.failed == ["The mail server localhost cannot be reached (Connection refused)."] * 3
    assert len(asked) == 1
    assert not [row for row in Notice.objects.values_list("reason", flat=True) if "secret" in row]


def test_a_server_elsewhere_without_encryption_gets_nothing(box, ada, debts, server, monkeypatch):
    debts["ada"] = [owing("Late", LATE)]
    monkeypatch.setattr(mail, "LOOPBACK", ())
    assert "offers no encryption" in sending.send_all(WEDNESDAY).failed[0]
    assert not server.received


@pytest.mark.parametrize("address", ["mail.example.gov.uk", "http://mail", "smtp://", "smtp://host:many", "smtp://[::"])
def test_an_address_of_no_mail_server_is_refused_in_words(address):
    with pytest.raises(mail.NotSent, match="smtp://user:password@"):
        mail.MailServer(address)


def test_an_address_says_how_to_encrypt():
    post = mail.MailServer("smtps://me:p%40ss@mail.example.gov.uk").backend
    assert (post.port, post.use_ssl, post.use_tls, post.password) == (465, True, False, "p@ss")
    post = mail.MailServer("smtp://mail.example.gov.uk").backend
    assert (post.port, post.use_ssl, post.use_tls) == (587, False, True)


# --- who starts it


def test_a_thread_that_looks_in_sends_once_a_day_and_never_at_night(monkeypatch):
    now, runs, outcome = [datetime(2026, 11, 25, 6, 59, tzinfo=UTC)], [], sending.Outcome()
    monkeypatch.setattr(timezone, "localtime", lambda: now[0])
    monkeypatch.setattr(sending, "send_all", lambda day: runs.append(day) or outcome)
    daily = sending.Daily()
    for hours, expected in ((0, 0), (1, 1), (2, 1), (20, 1), (25, 2)):
        now[0] = datetime(2026, 11, 25, 6, 59, tzinfo=UTC) + timedelta(hours=hours)
        daily.look_in()
        assert len(runs) == expected, hours
    outcome.failed.append("away")
    now[0] += timedelta(days=1)
    daily.look_in(), daily.look_in()
    assert len(runs) == 3
    now[0] += timedelta(minutes=16)
    daily.look_in()
    assert len(runs) == 4


def test_the_command_says_what_it_would_send_and_what_it_sent(box, ada, debts, monkeypatch, capsys):
    from outturn.cli import notify

    debts["ada"] = [owing("Late", LATE)]
    monkeypatch.setattr(notify, "open_workspace", lambda workspace: None)
    monkeypatch.setattr(timezone, "localdate", lambda *_: WEDNESDAY)
    chosen = SimpleNamespace(workspace=None, dry_run=True)
    assert notify.run(chosen, Report(False)) == 0
    assert "1 digest would be sent. Nothing was." in capsys.readouterr().out
    assert not Notice.objects.exists()
    chosen.dry_run = False
    assert notify.run(chosen, Report(True)) == 0
    assert json.loads(capsys.readouterr().out)["sent"] == 1
    monkeypatch.setenv("OUTTURN_SMTP", "nonsense")
    assert notify.run(chosen, Report(False)) == 1


# --- pages


def test_a_person_chooses_how_often(client, ada):
    assert client.get("/notices/").status_code == 302
    client.force_login(ada)
    assert 'value="weekly"' in client.get("/notices/").content.decode()
    client.post("/notices/", {"often": "none"})
    assert Preference.objects.get().often == "none"
    assert "one of the available choices" in client.post("/notices/", {"often": "hourly"}).content.decode()
    assert client.get("/notices/sent/").status_code == 403


def test_an_administrator_sees_what_became_of_each(client, box, ada, debts):
    debts["ada"] = [owing("Late", LATE)]
    sending.send_all(WEDNESDAY)
    Notice.objects.create(user=ada, day=LATE, state="failed", reason="<b>away</b>", claimed_at=timezone.now(), tries=3)
    Notice.objects.create(user=ada, day=LATE - timedelta(1), claimed_at=timezone.now() - timedelta(days=1))
    elsewhere = person("zoe", Role.OWNER, "Elsewhere", council="york")
    Notice.objects.create(user=elsewhere, day=LATE, claimed_at=timezone.now())
    client.force_login(person("root", Role.ADMINISTRATOR, "Clerk"))
    html = client.get("/notices/sent/").content.decode()
    for words in (OWNER_POST, "25 November 2026", "tried 3 times", "&lt;b&gt;away", "Interrupted", "folder outbox"):
        assert words in html
    assert "zoe" not in html


# --- calendars


@pytest.fixture
def rounds(db):
    for slug in ("harrowmere", "york"):
        council = Council.objects.create(slug=slug, name=slug.title(), short_name=slug.title(), kind="", source="")
        dates = {step.value: str(day) for step, day in dates_for(QUARTER).items()}
        Round.objects.create(council=council, quarter=QUARTER.code, dates=dates, opened_by="ada")


def events(response) -> dict[str, date]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    made = Calendar.from_ical(response.content)
    assert made["X-WR-TIMEZONE"] == "Europe/London"
    found = made.walk("VEVENT")
    for event in found:
        assert type(event.decoded("dtstart")) is date
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)
        assert event.decoded("dtstamp").tzinfo is not None
    return {str(event["uid"]): event.decoded("dtstart") for event in found}


def test_anybody_reads_the_public_dates_of_a_council_and_no_others(client, rounds):
    found = events(client.get("/harrowmere/calendar.ics"))
    days = dates_for(QUARTER)
    assert found == {
        f"harrowmere-2026-27-q2-{step}@outturn": days[step] for step in (Step.SCRUTINY, Step.PUBLICATION)
    }  # fmt: skip
    assert client.get("/nowhere/calendar.ics").status_code == 404


def test_a_secret_address_shows_a_persons_dates_until_it_is_replaced_stopped_or_its_owner_leaves(client, rounds, ada):
    client.force_login(ada)
    html = client.post("/notices/calendar/").content.decode()
    address = html.partition("<code>")[2].partition("</code>")[0]
    path = "/calendar/" + address.rpartition("/")[2]
    assert path.split("/")[-1] not in client.get("/notices/").content.decode()
    client.logout()
    found = events(client.get(path))
    assert len(found) == len(Step)
    assert all(uid.startswith("harrowmere") for uid in found)
    assert "private" in client.get(path)["Cache-Control"]

    User.objects.update(is_active=False)
    assert client.get(path).status_code == 404
    User.objects.update(is_active=True)
    calendars.make_address(ada)
    assert client.get(path).status_code == 404
    client.force_login(ada)
    client.post("/notices/calendar/stop/")
    assert not CalendarAddress.objects.exists()


def test_a_program_that_has_the_calendar_already_is_told_so_until_a_date_moves(client, rounds, ada):
    path = "/harrowmere/calendar.ics"
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    one = Round.objects.get(council__slug="harrowmere")
    one.dates[Step.SCRUTINY] = "2026-12-24"
    one.save()
    moved = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert events(moved).keys() == events(first).keys()
    assert events(moved) != events(first)


@pytest.mark.parametrize("secret", ["x", "a" * 43, "..%2f..%2fetc", "%00" * 43, "é" * 43, "a" * 5_000])
def test_forged_addresses_open_nothing(client, rounds, secret):
    assert client.get(f"/calendar/{secret}.ics").status_code == 404


def test_hostile_names_stay_names_in_a_calendar(client, rounds):
    Council.objects.filter(slug="harrowmere").update(short_name="Harrow\r\nEND:VCALENDAR\r\nX-EVIL:1;,")
    response = client.get("/harrowmere/calendar.ics")
    assert len(events(response)) == 2
    assert b"\r\nX-EVIL" not in response.content


