"""Where e-mail goes: to a mail server named by OUTTURN_SMTP, or else to files in the workspace's outbox.

    OUTTURN_SMTP=smtp://user:password@mail.example.gov.uk:587    encrypted from the start of the conversation (STARTTLS)
    OUTTURN_SMTP=smtps://user:password@mail.example.gov.uk:465   encrypted from the first byte
    OUTTURN_MAIL_FROM=outturn@example.gov.uk                     who the e-mail is from
"""

import os
import smtplib
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

PATIENCE = 15  # seconds for a mail server to say anything
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PORTS = {"smtp": 587, "smtps": 465}
EXAMPLE = "Write it like smtp://user:password@mail.example.gov.uk:587"


class NotSent(Exception):
    """Why a message did not go out, in a sentence. `for_good` says that trying again is no use."""

    def __init__(self, words: str, *, for_good: bool = False) -> None:
        self.for_good = for_good
        super().__init__(words)


class Outbox(Protocol):
    """Takes messages. `repeats_safely` says that the same message twice is the same as once."""

    repeats_safely: bool

    def send(self, message: EmailMessage, name: str) -> None:
        """Send one, or raise NotSent. The name is its own, and stays the same when it is tried again."""

    def close(self) -> None:
        """End the conversation, if there is one."""


def outbox() -> Outbox:
    """The one that the environment asks for. Raises NotSent where OUTTURN_SMTP cannot be read."""
    address = os.environ.get("OUTTURN_SMTP", "").strip()
    return MailServer(address) if address else Files(settings.WORKSPACE.outbox)


def sender() -> str:
    """Who the e-mail is from."""
    return os.environ.get("OUTTURN_MAIL_FROM", "").strip() or f"outturn@{urlsplit(site_address()).hostname}"


def site_address() -> str:
    """What the links in an e-mail begin with: OUTTURN_ADDRESS, or the first name that people may type."""
    if given := os.environ.get("OUTTURN_ADDRESS", "").strip():
        return given.rstrip("/")
    host = next((host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"), "localhost")
    return f"https://{host}" if settings.HTTPS else f"http://{host}:8000"


class Files:
    """A folder that holds each message as a file any mail program opens."""

    repeats_safely = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage, name: str) -> None:
        """Write it whole or not at all."""
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            beside = self.folder / f".{name}.new"
            beside.write_bytes(_bytes(message))
            beside.replace(self.folder / f"{name}.eml")
        except OSError as error:
            raise NotSent(f"The outbox cannot be written to: {(error.strerror or 'unknown').lower()}.") from error

    def close(self) -> None:
        """Nothing to end."""


class MailServer:
    """A mail server. One that cannot be reached is not asked again for the next message."""

    repeats_safely = False

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            port = parts.port or PORTS[parts.scheme]
        except (ValueError, KeyError):
            raise NotSent(f"OUTTURN_SMTP is not the address of a mail server. {EXAMPLE}") from None
        if not parts.hostname:
            raise NotSent(f"OUTTURN_SMTP names no mail server. {EXAMPLE}")
        self.host = parts.hostname
        self.backend = EmailBackend(
            host=self.host, port=port, username=unquote(parts.username or ""), password=unquote(parts.password or ""),
            use_ssl=parts.scheme == "smtps", use_tls=parts.scheme == "smtp" and self.host not in LOOPBACK,
            timeout=PATIENCE, fail_silently=False,
        )
        self._unreachable = ""

    def send(self, message: EmailMessage, name: str) -> None:
        """Hand it over to the server."""
        _bytes(message)  # what cannot be written is no fault of the server's
        self._open()
        try:
            self.backend.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            code = max((reply[0] for reply in error.recipients.values()), default=550)
            raise NotSent(f"The mail server refused the address ({code}).", for_good=code >= 500) from error
        except smtplib.SMTPResponseException as error:
            words = f"The mail server refused the message ({error.smtp_code})."
            raise NotSent(words, for_good=error.smtp_code >= 500) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise NotSent("The mail server broke off. It is not known whether the message arrived.") from error

    def _open(self) -> None:
        if self._unreachable:
            raise NotSent(self._unreachable)
        try:
            self.backend.open()
        except smtplib.SMTPAuthenticationError as error:
            self._unreachable = f"The mail server {self.host} refused the account in OUTTURN_SMTP ({error.smtp_code})."
        except smtplib.SMTPNotSupportedError:
            self._unreachable = f"The mail server {self.host} offers no encryption, so nothing was sent to it."
        except (OSError, smtplib.SMTPException) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            self._unreachable = f"The mail server {self.host} cannot be reached ({reason})."
        if self._unreachable:
            self.backend.connection = None
            raise NotSent(self._unreachable)

    def close(self) -> None:
        """Say goodbye."""
        self.backend.close()


def _bytes(message: EmailMessage) -> bytes:
    try:
        return message.message().as_bytes(linesep="\r\n")
    except ValueError as error:  # a line end in an address or a subject, which could smuggle in headers
        raise NotSent("The address or the subject cannot be written in an e-mail.", for_good=True) from error
