"""The views of the SQLite export: the joins that a reader wants first."""

from __future__ import annotations

from relations.schemas.table import primary_key
from relations.schemas.tables import TABLES
from relations.validators.package.package import declared

SESSION_TITLE = """(
    SELECT body.name
           || coalesce(', ' || replace(s.classification, '_', ' '), '')
           || coalesce(' ' || s.ordinal, '')
    FROM organizations AS body WHERE body.organization_id = s.organization_id
)"""
"""What a sitting, which has no title of its own, is called."""

_VISITS = """
SELECT v.*,
       visiting.name AS visiting_country_name,
       visiting.cow_code AS visiting_country_cow_code,
       visiting.gw_code AS visiting_country_gw_code,
       host.name AS host_country_name,
       host.cow_code AS host_country_cow_code,
       host.gw_code AS host_country_gw_code,
       lead.name AS lead_official_name,
       parent.title AS parent_title
FROM visits AS v
LEFT JOIN countries AS visiting ON visiting.country = v.visiting_country
LEFT JOIN countries AS host ON host.country = v.host_country
LEFT JOIN officials AS lead ON lead.official_id = v.lead_official_id
LEFT JOIN visits AS parent ON parent.visit_id = v.parent_id
"""

_PARTICIPANTS = f"""
SELECT n.participant_id,
       CASE WHEN n.visit_id IS NOT NULL THEN 'visit'
            WHEN n.engagement_id IS NOT NULL THEN 'engagement'
            WHEN n.session_id IS NOT NULL THEN 'session'
            WHEN n.agreement_id IS NOT NULL THEN 'agreement' END AS event_kind,
       coalesce(n.visit_id, n.engagement_id, n.session_id, n.agreement_id) AS event_id,
       coalesce(v.title, e.title, {SESSION_TITLE}, a.title) AS event_title,
       coalesce(v.start_date, e.date, s.start_date, a.signed_date) AS event_date,
       n.official_id, person.name AS official_name,
       n.organization_id, body.name AS organization_name,
       coalesce(n.country, person.country, body.country) AS country,
       country.name AS country_name,
       n.role, n.group_label, n.note
FROM participants AS n
LEFT JOIN visits AS v ON v.visit_id = n.visit_id
LEFT JOIN engagements AS e ON e.engagement_id = n.engagement_id
LEFT JOIN assembly_sessions AS s ON s.session_id = n.session_id
LEFT JOIN agreements AS a ON a.agreement_id = n.agreement_id
LEFT JOIN officials AS person ON person.official_id = n.official_id
LEFT JOIN organizations AS body ON body.organization_id = n.organization_id
LEFT JOIN countries AS country
       ON country.country = coalesce(n.country, person.country, body.country)
"""

_TERMS = """
SELECT t.*, person.name AS official_name, person.country AS official_country,
       body.name AS organization_name
FROM terms AS t
LEFT JOIN officials AS person ON person.official_id = t.official_id
LEFT JOIN organizations AS body ON body.organization_id = t.organization_id
"""

_AGREEMENTS = """
SELECT a.*,
       (SELECT group_concat(country, ';') FROM (
            SELECT DISTINCT coalesce(n.country, person.country, body.country) AS country
            FROM participants AS n
            LEFT JOIN officials AS person ON person.official_id = n.official_id
            LEFT JOIN organizations AS body ON body.organization_id = n.organization_id
            WHERE n.agreement_id = a.agreement_id AND n.role IN ('party', 'signatory')
              AND coalesce(n.country, person.country, body.country) IS NOT NULL
            ORDER BY country)) AS parties,
       v.title AS visit_title
FROM agreements AS a
LEFT JOIN visits AS v ON v.visit_id = a.visit_id
"""


def _value_of(table: str) -> str:
    """The cell of a table that an evidence row (as ``c``) is about."""
    key = primary_key(TABLES[table])
    cases = "\n".join(
        f"""            WHEN '{name}' THEN "{name}" """.rstrip()
        for name in declared()[table]
        if name != key
    )
    return (
        f"    WHEN '{table}' THEN (SELECT CASE c.\"column\"\n{cases} END\n"
        f'        FROM "{table}" WHERE "{key}" = c.row_id)'
    )


def _evidence() -> str:
    vocabulary = declared()["evidence"]["table"].vocabulary
    assert vocabulary is not None
    values = "\n".join(_value_of(table) for table in vocabulary)
    return f"""
SELECT c.evidence_id, c."table", c.row_id, c."column",
       CASE c."table"
{values}
       END AS value,
       c.basis, c.stance, c.voice, c.source_id, r.title AS source_title, r.url AS source_url,
       c.char_start, c.char_end, c.span_sha256, c.note
FROM evidence AS c
LEFT JOIN sources AS r ON r.source_id = c.source_id
"""


VIEWS: dict[str, str] = {
    "visits_with_names": _VISITS,
    "participants_with_names": _PARTICIPANTS,
    "terms_with_names": _TERMS,
    "agreements_with_parties": _AGREEMENTS,
    "evidence_with_values": _evidence(),
}
"""Each view's name and its query."""
