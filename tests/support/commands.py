"""Run a command of the tool in this process, as a shell would."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from relations.cli.app import app


@dataclass(frozen=True, slots=True)
class Done:
    """What a command gave back."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Shell:
    """Runs commands in a folder."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch

    def __call__(self, *arguments: str, typed: str | bytes = "") -> Done:
        """``relations ARGUMENTS``; ``typed`` is its standard input."""
        self.monkeypatch.chdir(self.folder)
        done = CliRunner().invoke(app, list(arguments), input=typed)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Done(done.exit_code, done.stdout, done.stderr)
