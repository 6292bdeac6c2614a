#!/usr/bin/env python3
"""From a fresh checkout to a running demo, or to every test, in one command. Needs nothing but Python 3.11 or later.

    python3 bootstrap.py demo [arguments of “outturn demo”]
    python3 bootstrap.py test [fast|all|slow|engines] [arguments of pytest]
    python3 bootstrap.py agreement [folder]

All make .venv once and are instant afterwards. `test engines` runs the tests that need Apache Spark, for which it
installs Java where it may. `agreement` compares our verdicts with what others worked out: with the copies in
tests/oracles/data, or with the files of a folder. On Windows write `py bootstrap.py demo`.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
    "chrome",
)
INSTALLED_BROWSERS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
# The browser tests, which take longest, come first in their order (tests/conftest.py).
ON_ALL_CORES = ["-n", "logical", "--dist", "loadfile", "--no-loadscope-reorder"]
WITHOUT_SERVICES = ["-m", "not browser and not postgres and not spark and not slow"]
# What an installation is for; the later ones hold the earlier.
KINDS = ["run", "test", "engines"]
OLDEST_JAVA = 17


class CannotGoOn(Exception):
    """The message says what is missing and how to get it."""


def main(arguments):
    """Run `demo`, `test` or `agreement` and give its exit code."""
    try:
        check_python(sys.version_info)
        if arguments[:1] == ["demo"]:
            install("run")
            return run_demo(arguments[1:])
        if arguments[:2] == ["test", "engines"]:
            install("engines")
            make_sure_of_java()
            return call(venv_python(), "-m", "pytest", "-m", "spark", *arguments[2:])
        if arguments[:2] == ["test", "slow"]:
            install("test")
            make_sure_of_browser()
            return call(venv_python(), "-m", "pytest", *ON_ALL_CORES, "-m", "slow", *arguments[2:])
        if arguments[:1] == ["test"]:
            install("test")
            return run_tests(arguments[1:])
        if arguments[:1] == ["agreement"]:
            install("run")
            return call(venv_python(), "-m", "tests.oracles.agreement", *map(Path.absolute, map(Path, arguments[1:])))
    except CannotGoOn as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(__doc__.strip(), file=sys.stderr)
    return 2


def check_python(version):
    """Raise CannotGoOn where this Python is too old."""
    if tuple(version[:2]) < OLDEST:
        raise CannotGoOn(
            f"Outturn needs Python {OLDEST[0]}.{OLDEST[1]} or later, and this is {version[0]}.{version[1]}. "
            "Install a newer one and name it, as in: python3.11 bootstrap.py demo"
        )


# The virtual environment


def venv_python():
    """The Python of .venv."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(kind):
    """Have .venv hold what `requirements/<kind>.txt` lists, and this checkout."""
    stamp = VENV / f"outturn-{kind}"
    if venv_python().exists() and stamp.is_file() and stamp.read_text() == fingerprint(kind):
        return
    make_venv()
    for old in VENV.glob("outturn-*"):
        old.unlink()
    pip(f"Installing what requirements/{kind}.txt lists (the longest step)", "--require-hashes",
        "-r", ROOT / "requirements" / "build.txt", "-r", ROOT / "requirements" / f"{kind}.txt")
    pip("Installing Outturn itself", "--no-deps", "--no-build-isolation", "-e", ROOT)
    for done in KINDS[: KINDS.index(kind) + 1]:
        (VENV / f"outturn-{done}").write_text(fingerprint(done))


def fingerprint(kind):
    """Changes with anything that decides what is installed; with the folder too, as .venv names it."""
    found = hashlib.sha256(str(ROOT).encode())
    for path in (f"requirements/{kind}.txt", "requirements/build.txt", "pyproject.toml"):
        found.update((ROOT / path).read_bytes())
    return found.hexdigest()


def make_venv():
    """Make .venv, or make it anew where its Python does not run."""
    if venv_python().exists() and quiet(venv_python(), "-m", "pip", "--version") == 0:
        return
    try:
        import ensurepip  # noqa: F401  Debian leaves it out
        import venv
    except ImportError:
        raise CannotGoOn(
            "This Python cannot make a virtual environment. On Debian or Ubuntu run: apt install python3-venv\n"
            "Then run this command again."
        ) from None
    with Step(f"Making {VENV}"):
        try:
            venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(VENV)
        except (OSError, subprocess.CalledProcessError) as error:
            raise CannotGoOn(
                f"{VENV} cannot be made: {error}.\n"
                "Check that the disk has 500 MB free and that you may write there. On Debian: apt install python3-venv"
            ) from None


def pip(words, *arguments):
    """Install something, or stop with pip's own words."""
    command = [venv_python(), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", "install"]
    with Step(words):
        done = subprocess.run([str(part) for part in [*command, *arguments]], capture_output=True, text=True, cwd=ROOT)
        if done.returncode:
            raise CannotGoOn(
                f"{done.stderr.strip() or done.stdout.strip()}\n\nThe installation stopped there. If the network "
                "is at fault, try again; behind a proxy, set HTTPS_PROXY first."
            )


class Step:
    """A line that says what is being done, and how long it took."""

    def __init__(self, words):
        self.words = words

    def __enter__(self):
        print(f"{self.words} …", end=" ", flush=True)
        self.began = time.monotonic()

    def __exit__(self, kind, *_):
        print("stopped" if kind else f"{time.monotonic() - self.began:.0f} s", flush=True)


# The commands


def run_demo(arguments):
    """`outturn demo` in .venv."""
    return call(venv_python(), "-m", "outturn", "demo", *arguments)


def run_tests(arguments):
    """Every check, also after one has failed; the first failing code."""
    fast = arguments[:1] == ["fast"]
    chosen = arguments[1:] if arguments[:1] in (["fast"], ["all"]) else arguments
    if not fast:
        make_sure_of_browser()
    python = venv_python()
    checks = [
        ("ruff", [python, "-m", "ruff", "check", "."]),
        ("mypy", [python, "-m", "mypy"]),
        ("imports", [python.with_name("lint-imports" + python.suffix)]),
        ("pytest", [python, "-m", "pytest", *ON_ALL_CORES, *(WITHOUT_SERVICES if fast else []), *chosen]),
    ]
    results = []
    for number, (name, command) in enumerate(checks, 1):
        print(f"\n[{number}/{len(checks)}] {name}", flush=True)
        began = time.monotonic()
        results.append((name, call(*command), time.monotonic() - began))
    return summarise(results)


def summarise(results):
    """Print how each check ended; the first failing code, or 0."""
    print()
    for name, code, seconds in results:
        print(f"{'failed' if code else 'ok':7} {name} ({seconds:.0f} s)")
    return next((code for _, code, _ in results if code), 0)


def make_sure_of_browser():
    """Find Chromium, install it where we may, or say what will be left out."""
    found = find_browser()
    if not found and shutil.which("apt-get") and getattr(os, "geteuid", lambda: 1)() == 0:
        with Step("Installing Chromium for the browser tests"):
            quiet("apt-get", "update")
            quiet("apt-get", "install", "-y", "--no-install-recommends", "chromium", DEBIAN_FRONTEND="noninteractive")
        found = find_browser()
    if found:
        os.environ["OUTTURN_CHROMIUM"] = found
        return
    os.environ.pop("OUTTURN_CHROMIUM", None)
    print(
        "The browser tests will be skipped: there is no Chromium, Chrome or Edge here. "
        "Install one, or set OUTTURN_CHROMIUM to its program."
    )


def find_browser():
    """The program of a browser of the Chromium family, or None."""
    named = os.environ.get("OUTTURN_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    on_path = filter(None, map(shutil.which, BROWSERS))
    return next(on_path, None) or next((path for path in INSTALLED_BROWSERS if Path(path).is_file()), None)


def make_sure_of_java():
    """Find a Java that Spark runs on, install it where we may, or stop."""
    if java_version() >= OLDEST_JAVA:
        return
    if shutil.which("apt-get") and getattr(os, "geteuid", lambda: 1)() == 0:
        os.environ.pop("JAVA_HOME", None)
        with Step("Installing Java for Spark"):
            quiet("apt-get", "update")
            for package in ("openjdk-21-jre-headless", "openjdk-17-jre-headless"):  # no system has both
                quiet("apt-get", "install", "-y", "--no-install-recommends", package, DEBIAN_FRONTEND="noninteractive")
    if java_version() < OLDEST_JAVA:
        raise CannotGoOn(
            f"Spark needs Java {OLDEST_JAVA} or later. Install one (on Debian or Ubuntu: apt install "
            "default-jre-headless), and set JAVA_HOME to its folder if it is not found. Then run this command again."
        )


def java_version():
    """The number of the Java that Spark would use, or 0."""
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home) / "bin" / "java") if home else "java"
    try:
        said = subprocess.run([program, "-version"], capture_output=True, text=True).stderr
    except OSError:
        return 0
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


# Other programs


def call(*command):
    """Run a program in the checkout, its output shown; its exit code."""
    try:
        return subprocess.call([str(part) for part in command], cwd=ROOT)
    except FileNotFoundError:
        print(f"{command[0]} is missing. Delete {VENV} and run this command again.", file=sys.stderr)
        return 1


def quiet(*command, **variables):
    """Run a program, its output hidden; its exit code, or 1 where it does not start."""
    try:
        return subprocess.run(
            [str(part) for part in command], capture_output=True, env={**os.environ, **variables}
        ).returncode
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
