"""How much a request may bring: little anywhere, a large file where somebody signed in sends one.

The web server decides this when it has read the headers, before any of our pages is asked. So the address to send to
carries a signed note, given out with the form, that it can check by itself.
"""

import copy
import os
from functools import cache
from typing import Any

from django.core import signing
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import Error

from .uploads import disk_words

SEND = "/submissions/send/"
SALT = "outturn.submissions.send"
GOOD_FOR = 12 * 60 * 60  # seconds; as long as a session
LARGEST_REQUEST = 5_000_000  # bytes; a form full of commentary is a hundredth of this
LARGEST_UPLOAD = 2_000_000_000


@cache
def largest_upload() -> int:
    """The most bytes that one sending may have: OUTTURN_LARGEST_UPLOAD, or two gigabytes."""
    text = os.environ.get("OUTTURN_LARGEST_UPLOAD", "").strip()
    return max(int(text), LARGEST_REQUEST) if text.isdecimal() else LARGEST_UPLOAD


def note_for(user: str) -> str:
    """A note that lets whoever holds it send a large body, for a working day."""
    return signing.dumps(user, salt=SALT)


def is_good(note: str) -> bool:
    """Whether we gave out this note, not too long ago."""
    try:
        signing.loads(note, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return False
    return True


class TooLarge(Error):
    """413, in a sentence."""

    code, reason = 413, "Request Entity Too Large"


class DiskFull(Error):
    """507, in a sentence."""

    code, reason = 507, "Insufficient Storage"


class Parser(HTTPRequestParser):
    """Waitress's own, with a limit that depends on the address, and a word for a full disk."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, then allow as much as this address may bring."""
        super().parse_header(header_plus)
        if self.command == "POST" and self.path.startswith(SEND) and is_good(self.path[len(SEND):].strip("/")):
            self.adj = copy.copy(self.adj)
            self.adj.max_request_body_size = largest_upload()

    def received(self, data: bytes) -> int:
        """Take a piece of the request."""
        try:
            taken = super().received(data)
        except OSError as error:  # it is kept in a file as it comes in
            self.error, self.completed, self.connection_close = DiskFull(disk_words(error)), True, True
            return len(data)
        if self.error is not None and self.error.code == 413:
            self.error = TooLarge(_words(self.path, self.adj.max_request_body_size))
        return taken


def _words(path: str, most: int) -> str:
    if path.startswith(SEND) and most == LARGEST_REQUEST:
        return (
            "The page to send files from was open for too long. Nothing was kept. "
            "Open it again, sign in if it asks you to, and send the files."
        )
    return f"This is larger than {most:,} bytes, the most that may be sent here. Nothing was kept. Send less at a time."


class Channel(HTTPChannel):
    """A connection whose requests are read by our parser."""

    parser_class = Parser


def prepare(server: Any) -> None:
    """Make a server of waitress's use the parser above: one server, or several where it listens at several places."""
    for each in [server, *getattr(server, "map", {}).values()]:
        if hasattr(each, "channel_class"):
            each.channel_class = Channel
