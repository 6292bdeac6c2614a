"""A real site in a real browser: the demo workspace, served by `outturn serve`, read by Chromium."""

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from bootstrap import find_browser

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-quic", "--no-first-run"]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Path:
    """A demo workspace, built by the command a new user runs."""
    workspace = tmp_path_factory.mktemp("browser") / "workspace"
    command = [sys.executable, "-m", "outturn", "demo", "--no-serve", "--workspace", str(workspace)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return workspace


@pytest.fixture(scope="session")
def site(demo):
    """The address of the served demo."""
    port = free_port()
    command = [sys.executable, "-m", "outturn", "serve", "--port", str(port), "--workspace", str(demo)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(address, timeout=5).read()
                break
            except OSError:
                assert server.poll() is None, "The server ended as it was started."
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.fixture(scope="module")
def chromium():
    """The browser, or a skip that says why.

    Closed with its module: Django refuses to work beside its event loop, and other tests may follow in this process.
    """
    path = find_browser()
    if not path:
        pytest.skip("No Chromium, Chrome or Edge on this machine. Set OUTTURN_CHROMIUM to one.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visitor(chromium, site):
    """A page of somebody who is not signed in."""
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def staff(chromium, site, demo):
    """A page of somebody who is signed in, by typing name and password."""
    words = (demo / "demo-account.txt").read_text("utf-8").split()
    context = chromium.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/sign-in/")
    page.get_by_label("Account name").fill("demo")
    page.get_by_label("Password").fill(words[-1])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    yield page
    context.close()
