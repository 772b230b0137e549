"""A visit for a session goes to another country than the session.

A delegation that came for a sitting stays where the assembly sits. The host country of one of the
two is wrong, or the visit names the wrong sitting. Where two or more visits for one sitting, and at
least half of them, disagree with it, the finding stands at the sitting, once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import narwhals as nw

from relations.validators.example import Cell, Expect, Row, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import Fault, Place, Rule
from relations.validators.searching.culprit import by_culprit
from relations.validators.searching.expressions import ROW, rows
from relations.validators.searching.short_tables import differ, no_pair

if TYPE_CHECKING:
    from relations.validators.package.package import Package


def find(package: Package) -> Iterator[Fault]:
    ours = ("visits", "session_id", "host_country")
    theirs = ("assembly_sessions", "session_id", "host_country")
    if no_pair(package, ours, theirs, differ):
        return
    sessions = package.table("assembly_sessions").select(
        nw.col(ROW).alias("session"), "session_id", nw.col("host_country").alias("sat_in")
    )
    sessions = sessions.filter(~nw.col("sat_in").is_null())
    visits = package.table("visits").select(ROW, "session_id", "host_country")
    visits = visits.filter(~nw.col("host_country").is_null()).join(
        sessions, on="session_id", how="inner"
    )
    visits = visits.with_columns(nw.len().over("session_id").alias("comparable"))
    wrong = visits.filter(nw.col("host_country") != nw.col("sat_in"))
    for group in by_culprit(rows(wrong), ("session",), "comparable"):
        row = group[0]
        session = Place("assembly_sessions", row["session"], "host_country")
        if len(group) == 1:
            yield Fault(
                f"the delegation came for {row['session_id']}, which sat in {row['sat_in']}",
                "correct the host country of one of the two, or session_id",
                table="visits",
                row=row[ROW],
                field="host_country",
                value=row["host_country"],
                related=(session,),
                doubted=(session, Place("visits", row[ROW], "session_id")),
            )
            continue
        places = tuple(Place("visits", each[ROW], "host_country") for each in group)
        yield Fault(
            f"{row['session_id']} sat in {row['sat_in']}, and {len(group)} visits for it went "
            "elsewhere",
            "correct this country, or theirs",
            table="assembly_sessions",
            row=row["session"],
            field="host_country",
            value=row["sat_in"],
            related=places,
            doubted=places,
        )


SECOND = Row(
    "visits",
    {
        "visit_id": "V0005",
        "title": "Finnish delegation to the session",
        "visiting_country": "FIN",
        "host_country": "EST",
        "session_id": "S0001",
    },
)

RULE = Rule(
    code="session-in-another-country",
    family="consistency",
    severity=Severity.ERROR,
    manual=__doc__,
    find=find,
    needs=(
        "visits.host_country",
        "visits.session_id",
        "assembly_sessions.session_id",
        "assembly_sessions.host_country",
    ),
    spoils=True,
    good=(good(Cell("assembly_sessions", "S0001", "host_country", "")),),
    bad=(
        bad(
            Cell("visits", "V0002", "host_country", "FIN"),
            expect=Expect("datapackage/visits.csv", 3, "host_country", "FIN"),
        ),
        bad(
            SECOND,
            Cell("assembly_sessions", "S0001", "host_country", "SUN"),
            Cell("countries", "SUN", "valid_to", ""),
            expect=Expect("datapackage/assembly_sessions.csv", 2, "host_country", "SUN"),
        ),
    ),
)
