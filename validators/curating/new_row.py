"""A new row: its cells as they were given, what is known without asking, and its evidence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from relations.schemas.country_codes import by_alpha3
from relations.validators.curating import citing, targets
from relations.validators.curating.refusal import CannotChange
from relations.validators.nearest import did_you_mean
from relations.validators.searching.normal_form import normal_form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relations.validators.curating.bench import Bench, Row
    from relations.validators.curating.citing import Span

_COLUMN = re.compile("[a-z][a-z0-9_]*")
"""Words that are only this, before a `=`, are meant as columns; a passage that begins so is
given by its range."""


@dataclass(frozen=True, slots=True)
class Support:
    """A passage for a new row: for ``columns``, or where there are none, for all of it."""

    columns: tuple[str, ...]
    span: Span


def known_columns(change: Bench, table: str) -> list[str]:
    """The columns of a table that is in the model. Raises CannotChange for one that is not."""
    declared = change.package.declared
    if table not in declared:
        hint = did_you_mean(table, declared, f"there are {', '.join(declared)}")
        raise CannotChange(f"there is no table {table!r}; {hint}")
    return list(declared[table])


def given_cells(change: Bench, table: str, written: Sequence[str]) -> Row:
    """The cells of `column=value` pairs. Raises CannotChange."""
    names = known_columns(change, table)
    cells: Row = {}
    for pair in written:
        name, equals, value = pair.partition("=")
        if not equals:
            raise CannotChange(f"{pair!r} is not of the form column=value")
        if name not in names:
            raise CannotChange(_no_column(table, name, names))
        if name in cells:
            raise CannotChange(f"{name} is given twice; a list in a cell is separated by `;`")
        cells[name] = clean(value)
    return cells


def clean(value: str) -> str:
    """What was typed, as cells are written: NFC, without space at either end."""
    return normal_form("NFC", value).strip()


def whole_row(change: Bench, table: str, given: Mapping[str, str]) -> Row:
    """The row of the cells that are given, with its id and all that a code says by itself."""
    names = known_columns(change, table)
    row = {name: given.get(name, "") for name in names}
    key = names[0]
    if table == "countries" and row[key]:
        return _filled_country(row)
    if not row[key]:
        row[key] = change.next_id(table)
    return row


def _filled_country(row: Row) -> Row:
    found = by_alpha3().get(row["country"])
    if found is None:
        return row
    known = country_row(row["country"])
    return {name: row[name] or known[name] for name in row}


def country_row(alpha3: str) -> Row:
    """The row of a state, as the published lists have it. Raises KeyError for no such code."""
    codes = by_alpha3()[alpha3]
    first = {name: next(iter(getattr(codes, name)), "") for name in ("numeric", "cow", "gw")}
    return {
        "country": alpha3,
        "name": codes.name,
        "iso2": codes.alpha2,
        "iso_numeric": first["numeric"],
        "cow_code": first["cow"],
        "gw_code": first["gw"],
        "valid_from": "",
        # When ISO withdrew a code is not when the state ended.
        "valid_to": "",
        "note": "",
    }


def supports(change: Bench, table: str, source: str, written: Sequence[str]) -> list[Support]:
    """The passages that are given as `WORDS`, or as `column,column=WORDS` for some cells.

    In place of words a passage may be a range, `START:END`. Raises CannotChange, and NotThere
    or Several where the words do not settle on one passage.
    """
    if not written:
        return []
    text = citing.source(change, source)
    found = []
    for each in written:
        columns, words = _split(change, table, each)
        found.append(Support(columns, citing.words_or_range(text, words)))
    return found


def _split(change: Bench, table: str, written: str) -> tuple[tuple[str, ...], str]:
    """The columns that stand before a `=`, and the rest; or no columns and all of it."""
    before, equals, after = written.partition("=")
    columns = tuple(part.strip() for part in before.split(","))
    if not equals or not all(_COLUMN.fullmatch(each) for each in columns):
        return (), written
    names = known_columns(change, table)
    for each in columns:
        if each not in names:
            raise CannotChange(_no_column(table, each, names))
    return columns, after


def _no_column(table: str, name: str, names: Sequence[str]) -> str:
    hint = did_you_mean(name, names, f"it has {', '.join(names)}")
    return f"{table} has no column {name!r}; {hint}"


def inferences(change: Bench, table: str, written: Sequence[str]) -> Row:
    """How cells are inferred, from `column,column=how` pairs. Raises CannotChange."""
    found: Row = {}
    for pair in written:
        columns, how = _split(change, table, pair)
        if not columns:
            raise CannotChange(f"{pair!r} is not of the form column=how, with columns of {table}")
        found |= dict.fromkeys(columns, clean(how))
    return found


def add_row(
    change: Bench,
    table: str,
    row: Row,
    support: Sequence[Support] = (),
    *,
    inferred: Mapping[str, str] | None = None,
    voice: str = "author",
) -> int:
    """Note a row to be added, and its evidence; of which the number of rows.

    A passage without columns supports the row as a whole, and each of its facts and inferred
    cells that has no passage of its own.
    """
    inferred = inferred or {}
    name, key = next(iter(row.items()))
    if change.matching(table, {name: key}):
        given = change.package.declared[table][name].letter is not None
        free = f"; leave it out, and {change.next_id(table)} is given" if given else ""
        raise CannotChange(f"{table} has a row {key} already{free}")
    change.add(table, row)
    own = {column for each in support for column in each.columns}
    for column in (*own, *inferred):
        if not row[column]:
            raise CannotChange(f"{column} is empty: there is nothing to cite")
    due = [column for column in row if column in {*targets.facts(table, row), *inferred} - own]
    whole = [each for each in support if not each.columns]
    unsupported = [column for column in inferred if column in due and not whole]
    if unsupported:
        raise CannotChange(f"no passage is given from which {', '.join(unsupported)} is inferred")
    cited = 0
    for each in support:
        columns = each.columns or ("", *(due if each is whole[0] else ()))
        for column in columns:
            how = inferred.get(column)
            citing.cite(
                change,
                targets.Target(table, key, column),
                each.span,
                basis="stated" if how is None else "inferred",
                voice=voice,
                note=how or "",
            )
        cited += len(columns)
    return cited
