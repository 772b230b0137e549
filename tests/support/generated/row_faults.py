"""Faults that span cells, rows and tables: each sets one thing at odds with what agreed."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict

from relations.validators.searching.coverage import CITED_TABLES
from support.generated.broken import Broken, Fault, at, choice, one
from support.generated.made import COLUMNS, KEYS, Made, Row
from support.generated.valid import AS_OF

LONG_AGO = "1066-10-14"
"""Before all that happens in generated packages, and not in doubt."""

TO_COME = (AS_OF + dt.timedelta(days=500)).isoformat()

BOUNDS = (
    ("assembly_sessions", "start_date", "end_date"),
    ("visits", "start_date", "end_date"),
    ("terms", "start_date", "end_date"),
)


def ends_before_it_begins(made: Made, dice: random.Random) -> Broken | None:
    table, start, end = dice.choice(BOUNDS)
    row = choice(dice, made.filled(table, start, end))
    if row is None:
        return None
    row[end] = LONG_AGO
    return one(made, at("end-before-start", table, row, end))


def to_own_country(made: Made, dice: random.Random) -> Broken | None:
    alone = [
        row
        for row in made.rows["visits"]
        if not row["session_id"]
        and not row["parent_id"]
        and not _refers(made, "visits", row["visit_id"])
    ]
    visit = choice(dice, alone)
    if visit is None:
        return None
    visit["host_country"] = visit["visiting_country"]
    return one(made, at("visit-to-own-country", "visits", visit, "host_country"))


def _refers(made: Made, table: str, key: str) -> bool:
    """Whether some row but evidence refers to this one."""
    return any(
        column.references == table and row[name] == key
        for other, declared in COLUMNS.items()
        for name, column in declared.items()
        for row in made.rows[other]
    )


def _cited(made: Made, table: str, key: str) -> list[Row]:
    return [row for row in made.rows["evidence"] if (row["table"], row["row_id"]) == (table, key)]


def row_without_evidence(made: Made, dice: random.Random) -> Broken | None:
    table = dice.choice([table for table in CITED_TABLES if made.rows[table]])
    row = dice.choice(made.rows[table])
    gone = _cited(made, table, row[KEYS[table]])
    kept = [each for each in made.rows["evidence"] if each not in gone]
    if {each["source_id"] for each in gone} - {each["source_id"] for each in kept}:
        return None
    made.rows["evidence"] = kept
    return one(made, at("uncited-row", table, row, None))


def cell_without_evidence(made: Made, dice: random.Random) -> Broken | None:
    evidence = made.rows["evidence"]
    about = Counter((row["table"], row["row_id"], row["column"]) for row in evidence)
    sources = Counter(row["source_id"] for row in evidence)
    one_of = [
        row
        for row in evidence
        if row["column"]
        and about[row["table"], row["row_id"], row["column"]] == 1
        and sources[row["source_id"]] > 1
    ]
    gone = choice(dice, one_of)
    if gone is None:
        return None
    evidence.remove(gone)
    row = made.row(gone["table"], gone["row_id"])
    return one(made, at("uncited-cell", gone["table"], row, gone["column"]))


def evidence_of_no_row(made: Made, dice: random.Random) -> Broken | None:
    evidence = made.rows["evidence"]
    about = Counter((row["table"], row["row_id"]) for row in evidence)
    several = [
        row for row in evidence if not row["column"] and about[row["table"], row["row_id"]] > 1
    ]
    row = choice(dice, several)
    if row is None:
        return None
    row["row_id"] = row["row_id"][0] + "7654321"
    return one(made, at("evidence-of-unknown-row", "evidence", row, "row_id"))


def evidence_of_no_column(made: Made, dice: random.Random) -> Broken | None:
    row = dice.choice([row for row in made.rows["evidence"] if not row["column"]])
    row["column"] = dice.choice(["colour", "Title", "start date"])
    return one(made, at("evidence-of-unknown-column", "evidence", row, "column"))


def evidence_of_nothing(made: Made, dice: random.Random) -> Broken | None:
    evidence = made.rows["evidence"]
    about = Counter((row["table"], row["row_id"], row["stance"]) for row in evidence)
    several = [
        row
        for row in evidence
        if not row["column"] and about[row["table"], row["row_id"], "supports"] > 1
    ]
    row = choice(dice, [row for row in several if row["stance"] == "supports"])
    if row is None:
        return None
    cited = made.row(row["table"], row["row_id"])
    row["column"] = next((name for name, value in cited.items() if not value), "")
    if not row["column"]:
        return None
    return one(made, at("evidence-of-empty-cell", "evidence", row, "column"))


def inferred_somehow(made: Made, dice: random.Random) -> Broken | None:
    row = dice.choice(made.rows["evidence"])
    row["basis"], row["note"] = "inferred", ""
    return one(made, at("inferred-without-note", "evidence", row, "note"))


def contradicted_for_no_reason(made: Made, dice: random.Random) -> Broken | None:
    rows = [row for row in made.rows["evidence"] if row["stance"] == "contradicts"]
    row = choice(dice, [row for row in rows if row["basis"] == "stated"])
    if row is None:
        return None
    row["note"] = ""
    return one(made, at("unexplained-contradiction", "evidence", row, "note"))


def contradicted_by_all(made: Made, dice: random.Random) -> Broken | None:
    evidence = [row for row in made.rows["evidence"] if row["column"]]
    about = Counter((row["table"], row["row_id"], row["column"]) for row in evidence)
    row = choice(
        dice, [row for row in evidence if about[row["table"], row["row_id"], row["column"]] == 1]
    )
    if row is None:
        return None
    row["stance"], row["note"] = "contradicts", "The other account is older."
    cited = made.row(row["table"], row["row_id"])
    return one(made, at("unsupported-cell", row["table"], cited, row["column"]))


def passage_turned_round(made: Made, dice: random.Random) -> Broken | None:
    row = dice.choice(made.rows["evidence"])
    row["char_end"] = row["char_start"] if row["char_start"] != "0" else "1"
    if row["char_start"] == "0":
        row["char_start"] = "1"
    return one(made, at("reversed-span", "evidence", row, "char_end"))


def passage_beyond_the_end(made: Made, dice: random.Random) -> Broken | None:
    known = {row["source_id"] for row in made.filled("sources", "char_length")}
    row = choice(dice, [row for row in made.rows["evidence"] if row["source_id"] in known])
    if row is None:
        return None
    row["char_end"] = str(len(made.texts[row["source_id"]]) + dice.randint(1, 10**9))
    return one(made, at("span-outside-source", "evidence", row, "char_end"))


def digest_of_another_passage(made: Made, dice: random.Random) -> Broken | None:
    row = choice(dice, [row for row in made.rows["evidence"] if row["source_id"] in made.present])
    if row is None:
        return None
    digits = row["span_sha256"]
    row["span_sha256"] = digits[1:] + digits[:1]
    if row["span_sha256"] == digits:
        return None
    return one(made, at("digest-mismatch", "evidence", row, "span_sha256"))


def source_that_nobody_cites(made: Made, _: random.Random) -> Broken | None:
    blank = dict.fromkeys(COLUMNS["sources"], "")
    made.rows["sources"].append({**blank, "source_id": "R99999", "title": "Unread"})
    return one(made, at("unused-source", "sources", made.rows["sources"][-1], "source_id"))


def text_of_another_version(made: Made, dice: random.Random) -> Broken | None:
    row = choice(dice, [row for row in made.rows["sources"] if row["source_id"] in made.present])
    if row is None:
        return None
    changed = made.texts[row["source_id"]].encode("utf-8") + dice.choice([b" ", b"x", b"\n"])
    return Broken(
        made,
        {at("source-text-differs", "sources", row, "sha256")},
        texts={row["source_id"]: changed},
    )


def source_in_part(made: Made, dice: random.Random) -> Broken | None:
    absent = [row for row in made.filled("sources", "file") if row["source_id"] not in made.present]
    row = choice(dice, absent)
    if row is None:
        return None
    name = dice.choice(["sha256", "char_length"])
    row[name] = ""
    return one(made, at("incomplete-source-file", "sources", row, name))


def retrieved_too_early(made: Made, dice: random.Random) -> Broken | None:
    row = choice(dice, made.filled("sources", "published", "retrieved"))
    if row is None:
        return None
    row["retrieved"] = LONG_AGO
    return one(made, at("retrieved-before-published", "sources", row, "retrieved"))


def office_without_dates(made: Made, dice: random.Random) -> Broken | None:
    row = choice(dice, made.rows["terms"])
    if row is None:
        return None
    row["start_date"] = row["end_date"] = row["attested_dates"] = ""
    return one(made, at("term-without-dates", "terms", row, "attested_dates"))


def attested_too_early(made: Made, dice: random.Random) -> Broken | None:
    row = choice(dice, made.filled("terms", "start_date"))
    if row is None:
        return None
    row["attested_dates"] = LONG_AGO
    return one(made, at("attested-outside-term", "terms", row, "attested_dates"))


def same_item_twice(made: Made, dice: random.Random) -> Broken | None:
    rows = made.filled("officials", "wikidata_id")
    if len(rows) < 2:
        return None
    first, second = sorted(dice.sample(range(len(rows)), 2))
    rows[second]["wikidata_id"] = rows[first]["wikidata_id"]
    return one(made, at("repeated-wikidata-id", "officials", rows[second], "wikidata_id"))


def same_fact_twice(made: Made, dice: random.Random) -> Broken | None:
    """The copy of a row that nothing refers to, with the evidence of the first."""
    tied = {"engagements": "date", "memberships": "date", "statements": "summary"}
    table = dice.choice(sorted(tied))
    row = choice(dice, made.filled(table, tied[table]))
    if row is None or (table == "memberships" and row["step"] == "admission"):
        return None
    key = row[KEYS[table]][0] + "7654321"
    made.rows[table].append({**row, KEYS[table]: key})
    for number, each in enumerate(_cited(made, table, row[KEYS[table]])):
        made.rows["evidence"].append(
            {**each, "evidence_id": f"C{7_000_000 + number}", "row_id": key}
        )
    return one(made, at("duplicate-fact", table, made.rows[table][-1], KEYS[table]))


_TIED = ("head_of_delegation", "party", "signatory")
"""Roles of which a lead or an agreement may be in need."""


def nobody_takes_part(made: Made, dice: random.Random) -> Broken | None:
    others = [row for row in made.rows["participants"] if row["role"] not in _TIED]
    row = choice(dice, others)
    if row is None:
        return None
    row["official_id"] = row["organization_id"] = row["country"] = ""
    return one(made, at("participant-nobody", "participants", row, None))


def part_in_nothing(made: Made, dice: random.Random) -> Broken | None:
    others = [row for row in made.rows["participants"] if row["role"] not in _TIED]
    row = choice(dice, others)
    if row is None:
        return None
    row["visit_id"] = row["engagement_id"] = row["session_id"] = ""
    return one(made, at("not-one-event", "participants", row, None))


def part_in_two_events(made: Made, dice: random.Random) -> Broken | None:
    row = choice(dice, made.filled("participants", "engagement_id"))
    visit = made.rows["visits"][0]
    if row is None:
        return None
    row["visit_id"] = visit["visit_id"]
    return one(made, at("not-one-event", "participants", row, "engagement_id"))


def party_of_a_meeting(made: Made, dice: random.Random) -> Broken | None:
    rows = made.filled("participants", "engagement_id")
    row = choice(dice, rows)
    if row is None:
        return None
    row["role"] = "party"
    return one(made, at("party-of-no-agreement", "participants", row, "role"))


def host_and_guest(made: Made, dice: random.Random) -> Broken | None:
    rows = made.filled("participants", "engagement_id", "official_id")
    row = choice(dice, [row for row in rows if row["role"] in ("host", "guest")])
    if row is None:
        return None
    other = {**row, "participant_id": "N7654321"}
    other["role"] = "guest" if row["role"] == "host" else "host"
    made.rows["participants"].append(other)
    cited = _cited(made, "participants", row["participant_id"])
    made.rows["evidence"].append({**cited[0], "evidence_id": "C7654321", "row_id": "N7654321"})
    guest = other if other["role"] == "guest" else row
    return one(made, at("host-and-guest", "participants", guest, "role"))


def bilateral_of_three(made: Made, dice: random.Random) -> Broken | None:
    rows = [row for row in made.rows["agreements"] if row["scope"] == "multilateral"]
    row = choice(dice, rows)
    if row is None:
        return None
    row["scope"] = "bilateral"
    return one(made, at("not-two-parties", "agreements", row, "scope"))


def in_force_too_early(made: Made, dice: random.Random) -> Broken | None:
    row = choice(dice, made.filled("agreements", "signed_date", "in_force_date"))
    if row is None:
        return None
    row["in_force_date"] = LONG_AGO
    return one(made, at("in-force-before-signed", "agreements", row, "in_force_date"))


def terminated_too_early(made: Made, dice: random.Random) -> Broken | None:
    row = choice(dice, made.filled("agreements", "in_force_date", "terminated_date"))
    if row is None:
        return None
    row["terminated_date"] = LONG_AGO
    return one(made, at("terminated-before-in-force", "agreements", row, "terminated_date"))


def signed_and_over(made: Made, dice: random.Random) -> Broken | None:
    row = choice(dice, made.filled("agreements", "terminated_date"))
    if row is None:
        return None
    row["status"] = dice.choice(["signed", "adopted", "in_force"])
    return one(made, at("status-contradicts-dates", "agreements", row, "status"))


def said_on_another_day(made: Made, dice: random.Random) -> Broken | None:
    rows = made.filled("statements", "engagement_id", "date")
    row = choice(
        dice, [row for row in rows if made.row("engagements", row["engagement_id"])["date"]]
    )
    if row is None:
        return None
    row["date"] = LONG_AGO
    return one(made, at("statement-outside-engagement", "statements", row, "date"))


def member_before_it_is(made: Made, dice: random.Random) -> Broken | None:
    rows = [row for row in made.filled("memberships", "date") if not row["session_id"]]
    row = choice(dice, rows)
    if row is None:
        return None
    row["date"] = TO_COME
    return one(made, at("later-than-as-of", "memberships", row, "date"))


def same_number_twice(made: Made, _: random.Random) -> Broken | None:
    kinds: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in made.filled("assembly_sessions", "ordinal", "classification"):
        kinds[row["organization_id"], row["classification"]].append(row)
    rows = next((rows for rows in kinds.values() if len(rows) > 1), None)
    if rows is None:
        return None
    rows[1]["ordinal"] = rows[0]["ordinal"]
    return one(made, at("repeated-ordinal", "assembly_sessions", rows[1], "ordinal"))


def own_parent(made: Made, dice: random.Random) -> Broken | None:
    table = dice.choice([each for each in ("organizations", "agreements") if made.rows[each]])
    key = KEYS[table]
    row = dice.choice(made.rows[table])
    row["parent_id"] = row[key]
    return one(made, at("parent-cycle", table, row, "parent_id"))


def codes_of_another_state(made: Made, dice: random.Random) -> Broken | None:
    rows = [row for row in made.filled("countries", "iso_numeric") if row["country"] != "SUN"]
    row = choice(dice, rows)
    if row is None:
        return None
    row["iso_numeric"] = "010"
    return one(made, at("country-codes-disagree", "countries", row, "iso_numeric"))


def own_code_without_note(made: Made, _: random.Random) -> Broken | None:
    row = next((row for row in made.rows["countries"] if row["country"] == "XKX"), None)
    if row is None:
        return None
    row["note"] = ""
    return one(made, at("user-assigned-code-without-note", "countries", row, "note"))


def state_visit_of_a_minister(made: Made, dice: random.Random) -> Broken | None:
    rows = made.filled("visits", "visit_type", "level")
    row = choice(dice, [row for row in rows if row["level"] in ("other", "speaker", "minister")])
    if row is None:
        return None
    row["visit_type"] = "state"
    return one(made, at("low-level-state-visit", "visits", row, "visit_type"))


def member_of_a_ministry(made: Made, dice: random.Random) -> Broken | None:
    national = made.filled("organizations", "country")
    steps = [row for row in made.rows["memberships"] if not row["session_id"]]
    times = Counter((row["organization_id"], row["country"]) for row in steps)
    row = choice(dice, [row for row in steps if times[row["organization_id"], row["country"]] == 1])
    if row is None or not national:
        return None
    row["organization_id"] = dice.choice(national)["organization_id"]
    return one(made, at("member-of-national-body", "memberships", row, "organization_id"))


def namesake(made: Made, dice: random.Random) -> Broken | None:
    rows = [row for row in made.filled("officials", "country") if not row["wikidata_id"]]
    row = choice(dice, rows)
    if row is None:
        return None
    other = dict.fromkeys(COLUMNS["officials"], "")
    other |= {"official_id": "P7654321", "name": row["name"], "country": row["country"]}
    made.rows["officials"].append(other)
    cited = _cited(made, "officials", row["official_id"])
    made.rows["evidence"].append({**cited[0], "evidence_id": "C7654321", "row_id": "P7654321"})
    return one(made, at("similar-names", "officials", other, "name"))


ROW_FAULTS: dict[str, Fault] = {
    "something ends before it begins": ends_before_it_begins,
    "a visit goes to its own country": to_own_country,
    "a row has no evidence": row_without_evidence,
    "a fact has no evidence": cell_without_evidence,
    "evidence is of no row": evidence_of_no_row,
    "evidence is of no column": evidence_of_no_column,
    "evidence is of an empty cell": evidence_of_nothing,
    "something is inferred somehow": inferred_somehow,
    "a contradiction is not explained": contradicted_for_no_reason,
    "all evidence contradicts a cell": contradicted_by_all,
    "a passage is turned round": passage_turned_round,
    "a passage goes beyond the end": passage_beyond_the_end,
    "a digest is of another passage": digest_of_another_passage,
    "nobody cites a source": source_that_nobody_cites,
    "the text is another version": text_of_another_version,
    "a source is described in part": source_in_part,
    "a source was retrieved too early": retrieved_too_early,
    "an office has no dates": office_without_dates,
    "an office is attested too early": attested_too_early,
    "two persons have one item": same_item_twice,
    "a fact stands twice": same_fact_twice,
    "nobody takes part": nobody_takes_part,
    "somebody takes part in nothing": part_in_nothing,
    "somebody takes part in two events": part_in_two_events,
    "a meeting has a party": party_of_a_meeting,
    "somebody is host and guest": host_and_guest,
    "three parties are two": bilateral_of_three,
    "in force before it was signed": in_force_too_early,
    "terminated before it was in force": terminated_too_early,
    "the status is over": signed_and_over,
    "said on another day": said_on_another_day,
    "a step is still to come": member_before_it_is,
    "a number stands twice": same_number_twice,
    "a row is its own parent": own_parent,
    "a country has another's code": codes_of_another_state,
    "an own code has no note": own_code_without_note,
    "a minister makes a state visit": state_visit_of_a_minister,
    "a country joins a ministry": member_of_a_ministry,
    "a person stands twice": namesake,
}
