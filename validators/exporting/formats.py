"""Every export format, in the order in which they are offered."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relations.validators.exporting.contents import Contents


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    ``writer`` is the module that writes it: its ``write(contents, target)`` fills the file or
    folder ``target``. ``ending`` is what its files are called by default; a folder's says so
    by ``is_folder``. ``needs`` is the library without which it cannot be written, and
    ``extra`` the extra of this project that brings it.
    """

    name: str
    title: str
    writer: str
    ending: str
    is_folder: bool = False
    needs: str = ""
    extra: str = ""

    @property
    def missing(self) -> str:
        """One line that says what has to be installed; empty where nothing has to be."""
        if not self.needs or importlib.util.find_spec(self.needs):
            return ""
        return (
            f"{self.name} needs the library {self.needs}: install bilateral-relations[{self.extra}]"
        )

    @property
    def write(self) -> Callable[[Contents, Path], None]:
        """The function that writes it. Imports its module, which may be heavy."""
        module = importlib.import_module(f"relations.validators.exporting.{self.writer}")
        made: Callable[[Contents, Path], None] = module.write
        return made


FORMATS: tuple[Format, ...] = (
    Format("sqlite", "a database with keys, indexes and views", "sqlite_file", ".sqlite"),
    Format("parquet", "a folder with a typed file a table", "parquet_folder", "-parquet", True),
    Format(
        "xlsx", "a workbook with a sheet a table", "workbook", ".xlsx",
        needs="xlsxwriter", extra="xlsx",
    ),
    Format("jsonld", "Schema.org linked data", "linked_data", ".jsonld"),
    Format(
        "ftm", "FollowTheMoney entities", "follow_the_money", ".ftm.json",
        needs="followthemoney", extra="ftm",
    ),
    Format(
        "croissant", "a folder for machine learning tools", "croissant", "-croissant", True
    ),
    Format("panel", "a folder with dyad-months and dyad-years", "panel", "-panel", True),
)  # fmt: skip
