"""Why a change is not made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relations.validators.stop import CannotDo

if TYPE_CHECKING:
    from relations.validators.finding import Finding


class CannotChange(CannotDo):
    """The change cannot be tried as it was asked for; the message is one plain line."""


class Refused(Exception):
    """The rules refuse what the package would be; ``findings`` are those the change brings."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(f"{len(findings)} findings")
        self.findings = findings
