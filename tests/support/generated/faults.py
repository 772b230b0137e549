"""All faults by their names, and those that `--fix` mends."""

from __future__ import annotations

import random

from support.generated.broken import Fault
from support.generated.cell_faults import CELL_FAULTS, taken_apart, with_space
from support.generated.file_faults import FILE_FAULTS
from support.generated.made import KEYS, Made
from support.generated.row_faults import ROW_FAULTS

FAULTS: dict[str, Fault] = {**CELL_FAULTS, **FILE_FAULTS, **ROW_FAULTS}


def unkempt(made: Made, dice: random.Random) -> tuple[Made, dict[str, bytes]]:
    """The same facts written as they come out of other programs: all of it can be mended."""
    made = made.copy()
    files = {}
    for table, rows in made.rows.items():
        for row in rows:
            for name, value in row.items():
                if value and dice.random() < 0.03:
                    row[name] = dice.choice([taken_apart, with_space])(value, dice)
        for row in rows if table == "countries" else ():
            if dice.random() < 0.3:
                row["iso_numeric"] = row["iso_numeric"].lstrip("0")
        if dice.random() < 0.3:
            dice.shuffle(rows)
        data = made.file(table)
        if dice.random() < 0.2:
            data = data.removesuffix(b"\n")
        if dice.random() < 0.2:
            data = data.replace(b"\n", b"\r\n")
        if dice.random() < 0.2:
            data = b"\xef\xbb\xbf" + data
        files[table] = data
    assert set(KEYS) == set(files)
    return made, files
