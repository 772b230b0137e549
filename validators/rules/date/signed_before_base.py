"""A protocol or an amendment was signed before the instrument that it changes.

`parent_id` names the base instrument; what changes it, or is added to it, was signed on the same
day or later. Either a date is wrong, or the parent is. Where two or more of the protocols and
amendments to one instrument, and at least half of them, are earlier, the finding stands at the
instrument, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import by_culprit
from relations.validators.searching.expressions import ROW, certainly_after, rows
from relations.validators.searching.short_tables import none_filled

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    if none_filled(package, "agreements.parent_id"):
        return
    agreements = package.table("agreements").filter(~nw.col("signed_date").is_null())
    bases = agreements.select(
        nw.col(ROW).alias("base"),
        nw.col("agreement_id").alias("parent_id"),
        nw.col("signed_date").alias("base_signed"),
    )
    changes = agreements.filter(nw.col("instrument").is_in(["amendment", "protocol"]))
    changes = changes.select(ROW, "instrument", "signed_date", "parent_id")
    compared = changes.join(bases, on="parent_id", how="inner").with_columns(
        nw.len().over("parent_id").alias("comparable")
    )
    early = compared.filter(certainly_after("base_signed", "signed_date"))
    for group in by_culprit(rows(early), ("base",), "comparable"):
        row = group[0]
        base = Place("agreements", row["base"], "signed_date")
        if len(group) == 1:
            yield Fault(
                f"the {row['instrument']} was signed on {row['signed_date']}, and "
                f"{row['parent_id']}, to which it belongs, on {row['base_signed']}",
                "correct one of the two dates, or parent_id",
                table="agreements",
                row=row[ROW],
                field="signed_date",
                value=row["signed_date"],
                related=(base,),
                doubted=(base,),
            )
            continue
        places = tuple(Place("agreements", each[ROW], "signed_date") for each in group)
        yield Fault(
            f"it was signed on {row['base_signed']}, and {len(group)} protocols or amendments to "
            "it before",
            "correct this date, or theirs",
            table="agreements",
            row=row["base"],
            field="signed_date",
            value=row["base_signed"],
            related=places,
            doubted=places,
        )


LOOSE = Cell("agreements", "A0001", "visit_id", "")
SECOND = (
    Row(
        "agreements",
        {
            "agreement_id": "A0004",
            "title": "Second protocol on digital services",
            "instrument": "protocol",
            "number_of_instruments": "1",
            "signed_date": "2022-11",
            "status": "signed",
            "parent_id": "A0001",
        },
    ),
)

RULE = Rule(
    code="signed-before-base",
    family="date",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "agreements.agreement_id",
        "agreements.instrument",
        "agreements.signed_date",
        "agreements.parent_id",
    ),
    spoils=True,
    good=(
        good(Cell("agreements", "A0003", "signed_date", "2022")),
        good(
            Cell("agreements", "A0003", "signed_date", "2022-03"),
            Cell("agreements", "A0003", "instrument", "agreement"),
        ),
    ),
    bad=(
        bad(
            Cell("agreements", "A0003", "signed_date", "2022-03"),
            expect=Expect("datapackage/agreements.csv", 4, "signed_date", "2022-03"),
        ),
        bad(
            LOOSE,
            *SECOND,
            Cell("agreements", "A0001", "signed_date", "2024-05-11"),
            expect=Expect("datapackage/agreements.csv", 2, "signed_date", "2024-05-11"),
        ),
    ),
)
