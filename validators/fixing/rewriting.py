"""A table's file written anew with what may safely be mended, and every other cell as it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from relations.validators.package.table_file import (
    BOM,
    TableFile,
    quoted,
    raw_cells,
    unquoted,
)
from relations.validators.rule import Mend
from relations.validators.rules.file import (
    byte_order_mark,
    carriage_return,
    needless_quotes,
    no_final_newline,
    row_order,
)

MARK = byte_order_mark.RULE.code
RETURNS = carriage_return.RULE.code
FINAL = no_final_newline.RULE.code
QUOTES = needless_quotes.RULE.code
ORDER = row_order.RULE.code
OF_FILES = frozenset({MARK, RETURNS, FINAL, QUOTES, ORDER})
"""The rules whose fix is a matter of the file; the others mend single cells."""


class CannotRewrite(Exception):
    """The file cannot be rewritten without the risk of changing a fact; the message says why."""


@dataclass
class Rewriting:
    """One file being rewritten.

    ``codes`` are the rules whose fixes are wanted; ``mends`` of each column, by rule, how a cell
    of it is mended; ``ranked`` is the form of the keys that have a rank; ``kept`` are the cells,
    as rule and key and column, that are to stay as they are.
    """

    file: TableFile
    codes: frozenset[str]
    mends: Mapping[str, Mapping[str, Mend]]
    ranked: str = row_order.NUMBERED
    kept: frozenset[tuple[str, str | None, str | None]] = frozenset()
    done: Counter[str] = field(default_factory=Counter)
    """How many cells, or once the file, each rule's fix has changed."""

    def rewritten(self, rows: Iterable[int]) -> bytes:
        """The file with the cells of ``rows`` mended, and all that is a matter of the file.

        Raises CannotRewrite.
        """
        reason = why_not(self.file)
        if reason:
            raise CannotRewrite(reason)
        records = self.file.row_texts()
        header = self._header()
        keys = self.file.frame[self.file.declared[0]].to_list()
        for row in self._to_look_at(rows, records):
            records[row] = self._mended(records[row], keys[row])
            keys[row] = self._value(records[row], self.file.declared[0])
        if ORDER in self.codes:
            order = in_order(keys, self.ranked)
            if order != list(range(len(keys))):
                records = [records[row] for row in order]
                self.done[ORDER] += 1
        return self._encoded("\n".join([header, *records]))

    def _header(self) -> str:
        text = self.file.header_text
        # A mark that a name begins with would be taken for one of the file.
        return text if text.startswith('"\ufeff') else self._without_needless_quotes(text)

    def _to_look_at(self, rows: Iterable[int], records: list[str]) -> list[int]:
        wanted = set(rows)
        if QUOTES in self.codes:
            wanted.update(row for row, record in enumerate(records) if '"' in record)
        return sorted(wanted)

    def _mended(self, record: str, key: str | None) -> str:
        cells = raw_cells(record)
        if not any(unquoted(cell).strip() for cell in cells):
            # Nothing would be left of it, and a person has to see that.
            return record
        header = self.file.header
        for index, name in enumerate(header):
            if name in self.mends and header.index(name) == index:
                cells[index] = self._mended_cell(cells[index], key, name)
        return self._without_needless_quotes(",".join(cells), cells)

    def _mended_cell(self, cell: str, key: str | None, column: str) -> str:
        value = before = unquoted(cell)
        if not value:
            return cell
        for code, mend in self.mends[column].items():
            if code not in self.codes or (code, key or "", column) in self.kept:
                continue
            better = mend(value)
            if better is not None and better != value:
                value = better
                self.done[code] += 1
        return cell if value == before else quoted(value)

    def _without_needless_quotes(self, record: str, cells: list[str] | None = None) -> str:
        if QUOTES not in self.codes or '"' not in record:
            return record
        made = []
        for cell in raw_cells(record) if cells is None else cells:
            if re.fullmatch(needless_quotes.NEEDLESS[1:-1], cell):
                made.append(cell[1:-1])
                self.done[QUOTES] += 1
            else:
                made.append(cell)
        return ",".join(made)

    def _value(self, record: str, column: str) -> str | None:
        if column not in self.file.header:
            return None
        return unquoted(raw_cells(record)[self.file.header.index(column)]) or None

    def _encoded(self, text: str) -> bytes:
        file = self.file
        if FINAL in self.codes or file.text.endswith("\n"):
            if not file.text.endswith("\n"):
                self.done[FINAL] += 1
            text += "\n"
        body = text.encode("utf-8")
        if file.carriage_returns:
            if RETURNS in self.codes:
                self.done[RETURNS] += file.carriage_returns[0]
            else:
                body = self._with_carriage_returns(body)
        if file.data.startswith(BOM):
            if MARK in self.codes:
                self.done[MARK] += 1
            else:
                body = BOM + body
        return body

    def _with_carriage_returns(self, body: bytes) -> bytes:
        """The line ends as they were, where all of them are alike."""
        old = self.file.data.removeprefix(BOM)
        for end in (b"\r\n", b"\r"):
            if old == self.file.text.encode("utf-8").replace(b"\n", end):
                return body.replace(b"\n", end)
        raise CannotRewrite("its lines end in different ways, which is not to be fixed")


def why_not(file: TableFile) -> str | None:
    """Why a file cannot be rewritten safely; None where it can."""
    if file.why_sealed:
        return file.why_sealed
    if file.undecodable is not None:
        return f"line {file.undecodable[0]} is not UTF-8"
    if file.broken:
        first = file.broken[0]
        what = {
            "ragged": "has too many or too few cells",
            "blank": "is blank",
            "unclosed-quote": "has a quotation mark that nothing closes",
            "stray-quote": "has a quotation mark too many",
        }
        return f"line {first.line} {what[first.kind]}"
    if not file.readable:
        return "its header is not that of the table"
    return None


def in_order(keys: list[str | None], ranked: str) -> list[int]:
    """The rows in the order of their keys: ids by their number, codes by their letters.

    A row whose key is empty, or not of the form that has a rank, stays behind the one that it
    follows.
    """
    ranks: list[tuple[int, str]] = []
    rank = (-1, "")
    for key in keys:
        if key and re.fullmatch(ranked[1:-1], key):
            rank = (int(key[1:]), "") if ranked == row_order.NUMBERED else (0, key)
        ranks.append(rank)
    return sorted(range(len(keys)), key=ranks.__getitem__)
