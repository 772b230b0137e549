"""The thirteen tables, in the order in which the descriptor lists them."""

from __future__ import annotations

from relations.schemas.agreements import Agreements
from relations.schemas.assembly_sessions import AssemblySessions
from relations.schemas.countries import Countries
from relations.schemas.engagements import Engagements
from relations.schemas.evidence import Evidence
from relations.schemas.memberships import Memberships
from relations.schemas.officials import Officials
from relations.schemas.organizations import Organizations
from relations.schemas.participants import Participants
from relations.schemas.sources import Sources
from relations.schemas.statements import Statements
from relations.schemas.table import Table
from relations.schemas.terms import Terms
from relations.schemas.visits import Visits

TABLES: dict[str, type[Table]] = {
    "countries": Countries,
    "organizations": Organizations,
    "officials": Officials,
    "terms": Terms,
    "assembly_sessions": AssemblySessions,
    "visits": Visits,
    "engagements": Engagements,
    "agreements": Agreements,
    "memberships": Memberships,
    "participants": Participants,
    "statements": Statements,
    "sources": Sources,
    "evidence": Evidence,
}
