"""A workspace of its own for each story, and the commands in it."""

import json

import pytest

from outturn.cli.main import main
from outturn.workspace import Workspace


@pytest.fixture
def workspace(tmp_path):
    place = Workspace(tmp_path / "workspace")
    place.folder.mkdir()
    place.mark()
    return place


@pytest.fixture
def outturn(workspace, capsys):
    """Run a command in this process; gives its exit code and what it says as JSON."""

    def run(command, *arguments):
        code = main([command, *map(str, arguments), "--workspace", str(workspace.folder), "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out)

    return run
