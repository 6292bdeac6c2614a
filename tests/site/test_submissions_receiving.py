"""How much a request may bring, asked of the web server itself over a real connection."""

import socket
import threading
from contextlib import suppress
from urllib.parse import quote

import pytest
from django.core import signing
from waitress import create_server

from outturn.site.submissions import receiving


@pytest.fixture
def server(monkeypatch):
    """A server that tells how many bytes it was given. Limits are a thousandth of the real ones."""
    monkeypatch.setattr(receiving, "LARGEST_REQUEST", 5_000)
    monkeypatch.setattr(receiving, "largest_upload", lambda: 2_000_000)

    def application(environ, start_response):
        count = len(environ["wsgi.input"].read())
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [f"{count} bytes".encode()]

    made = create_server(
        application, host="127.0.0.1", port=0, threads=1, max_request_body_size=receiving.LARGEST_REQUEST,
        asyncore_loop_timeout=0.02,
    )
    receiving.prepare(made)
    thread = threading.Thread(target=_serve, args=[made], daemon=True)
    thread.start()
    yield made.effective_port
    made.close()
    thread.join(5)


def _serve(made):
    with suppress(OSError):  # closed under its hands, as the fixture does
        made.run()


def ask(port, path, size, *, chunked=False, headers=""):
    body = b"x" * size
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {size}"
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{length}\r\n{headers}\r\n"
        line.sendall(head.encode())
        with suppress(OSError):  # refused before all of it had gone
            line.sendall(b"%x\r\n%s\r\n0\r\n\r\n" % (size, body) if chunked else body)
        answer = b""
        with suppress(OSError):
            while piece := line.recv(65536):
                answer += piece
    return answer.decode()


def address(note=""):
    return f"{receiving.SEND}{quote(note, safe=':')}/" if note else receiving.SEND


def test_a_large_file_may_be_sent_with_a_note_we_gave_out(server):
    note = receiving.note_for("ada")
    assert "1500000 bytes" in ask(server, address(note), 1_500_000)
    assert "1500000 bytes" in ask(server, address(note), 1_500_000, chunked=True)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/submissions/", "/submissions/sent/x/", "/york/plans/x/edit/"])
def test_anywhere_else_a_huge_body_is_refused(server, path, chunked):
    assert "4000 bytes" in ask(server, path, 4_000, chunked=chunked)
    answer = ask(server, path, 9_000, chunked=chunked)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "This is larger than 5,000 bytes, the most that may be sent here. Nothing was kept." in answer


@pytest.mark.parametrize("note", ["", "x", "ada", "../../x", "%00"])
def test_without_a_good_note_the_address_itself_takes_little(server, note):
    answer = ask(server, address(note), 9_000)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "open for too long" in answer
    assert "4000 bytes" in ask(server, address(note), 4_000)


def test_a_note_of_somebody_else_or_of_yesterday_is_no_note(server, monkeypatch):
    forged = signing.dumps("ada", salt="something else")
    assert ask(server, address(forged), 9_000).startswith("HTTP/1.1 413 ")
    note = receiving.note_for("ada")
    assert receiving.is_good(note)
    monkeypatch.setattr(receiving, "GOOD_FOR", -1)
    assert not receiving.is_good(note)
    assert ask(server, address(note), 9_000).startswith("HTTP/1.1 413 ")


def test_even_with_a_note_there_is_an_end(server):
    answer = ask(server, address(receiving.note_for("ada")), 2_500_000)
    assert answer.startswith("HTTP/1.1 413 ")
    assert "larger than 2,000,000 bytes" in answer


def test_a_full_disk_while_it_comes_in_is_told(server, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("waitress.receiver.FixedStreamReceiver.received", full)
    answer = ask(server, address(receiving.note_for("ada")), 900_000)
    assert answer.startswith("HTTP/1.1 507 ")
    assert "disk that holds Outturn’s data is full" in answer


@pytest.mark.parametrize(
    ("text", "bytes"), [("", 2_000_000_000), ("x", 2_000_000_000), ("10000000", 10_000_000), ("1", 5_000_000)]
)
def test_the_largest_upload_can_be_set(monkeypatch, text, bytes):
    monkeypatch.setenv("OUTTURN_LARGEST_UPLOAD", text)
    assert receiving.largest_upload.__wrapped__() == bytes
