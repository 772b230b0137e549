"""The closed vocabularies of the model: every term with a sentence of meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A closed list of terms. ``terms`` maps each term to what it means."""

    name: str
    terms: dict[str, str]

    def __contains__(self, term: str) -> bool:
        return term in self.terms

    def __iter__(self) -> Iterator[str]:
        return iter(self.terms)


VISIT_TYPE = Vocabulary(
    "visit_type",
    {
        "state": "A head of state on the invitation of another, with the highest ceremony.",
        "official": "By formal invitation, with ceremony below that of a state visit.",
        "official_working": "By formal invitation, with reduced ceremony and a working agenda.",
        "working": "For business alone, without ceremony.",
        "private": "On the visitor's own account, without a formal invitation.",
        "informal": "Between leaders, without protocol or an agreed agenda.",
        "parliamentary": "A delegation of a parliament, led by one of its members.",
        "other": "A type that a source states and this list lacks; the note says which.",
    },
)

OCCASION = Vocabulary(
    "occasion",
    {
        "bilateral": "For the relations of the two countries themselves.",
        "multilateral_meeting": "For a summit, session or conference of several countries.",
        "ceremony": "For an inauguration, anniversary, parade or opening.",
        "funeral": "For a funeral or a mourning ceremony.",
        "transit": "A stop on the way to another country.",
        "other": "An occasion that a source states and this list lacks; the note says which.",
    },
)

LEVEL = Vocabulary(
    "level",
    {
        "head_of_state": "The lead is head of state.",
        "head_of_government": "The lead heads the government and is not head of state.",
        "speaker": "The lead presides over a parliament or one of its chambers.",
        "minister": "The lead is a member of the government.",
        "other": "The lead holds an office below these.",
    },
)

VISIT_STATUS = Vocabulary(
    "visit_status",
    {
        "announced": "A source says that it will take place.",
        "held": "It took place.",
        "postponed": "It was put off and has not taken place.",
        "cancelled": "It was called off.",
    },
)

INSTRUMENT = Vocabulary(
    "instrument",
    {
        "agreement": "A treaty or agreement, whatever its title, that creates obligations.",
        "protocol": "A protocol to another agreement or of its own.",
        "amendment": "A change of an earlier instrument.",
        "memorandum": "A memorandum of understanding or of intent.",
        "exchange_of_notes": "An agreement made by two notes.",
        "declaration": "A declaration or joint statement.",
        "resolution": "A resolution of an assembly or organization.",
        "other": "A kind that a source states and this list lacks; the note says which.",
    },
)

SCOPE = Vocabulary(
    "scope",
    {
        "bilateral": "Between two countries.",
        "multilateral": "Between three or more countries, or within an organization of them.",
    },
)

AGREEMENT_STATUS = Vocabulary(
    "agreement_status",
    {
        "announced": "A source says that it will be signed or adopted.",
        "signed": "Signed, and not known to be in force.",
        "adopted": "Adopted by an assembly or conference.",
        "in_force": "In force.",
        "terminated": "No longer in force.",
    },
)

SESSION_CLASSIFICATION = Vocabulary(
    "session_classification",
    {
        "plenary": "The assembly as a whole.",
        "executive_council": "Its executive council or bureau.",
        "committee": "One of its committees.",
        "other": "Another sitting; the note says which.",
    },
)

ORGANIZATION_CLASSIFICATION = Vocabulary(
    "organization_classification",
    {
        "parliament": "A national parliament as a whole.",
        "parliamentary_chamber": "One chamber of a parliament of two.",
        "interparliamentary_assembly": "An assembly of several parliaments.",
        "intergovernmental_organization": "An organization whose members are states.",
        "executive": "A head of state's office, a government, a ministry.",
        "committee": "A committee of a parliament or organization.",
        "working_group": "A working or friendship group.",
        "company": "A company, whoever owns it.",
        "media": "A newspaper, agency, broadcaster or site.",
        "civil_society": "An association, movement or party outside the state.",
        "cultural_institution": "A museum, theatre, centre or memorial as an institution.",
        "other": "Another kind; the note says which.",
    },
)

OFFICE_ROLE = Vocabulary(
    "office_role",
    {
        "head_of_state": "President, monarch or another head of state.",
        "head_of_government": "Prime minister or another head of a government.",
        "governor_general": "Represents a head of state who resides elsewhere.",
        "minister": "A member of a government.",
        "speaker": "Presides over a parliament or a chamber.",
        "deputy_speaker": "Deputises for the one who presides.",
        "committee_chair": "Chairs a committee.",
        "working_group_head": "Heads a working or friendship group.",
        "member_of_parliament": "A member of a parliament or chamber.",
        "party_leader": "Leads a party.",
        "ambassador": "Represents a state in another or at an organization.",
        "other": "Another office; its post says which.",
    },
)

CAPACITY = Vocabulary(
    "capacity",
    {
        "incumbent": "Holds the office in full right.",
        "acting": "Carries out the office for the time being.",
        "elect": "Chosen, and not yet in office.",
        "former": "Named by an office that had ended by then.",
    },
)

ENGAGEMENT_CLASSIFICATION = Vocabulary(
    "engagement_classification",
    {
        "reception": "One receives another of higher or lower rank, or a delegation.",
        "talks": "Negotiations of delegations.",
        "bilateral_meeting": "A meeting of two sides.",
        "speech": "A speech or address.",
        "opening": "An opening of a session, exhibition or building.",
        "ceremony": "A ceremony: wreath, signing, award.",
        "site_visit": "A visit to a place or institution.",
        "other": "Another kind; the note says which.",
    },
)

MEMBERSHIP_STEP = Vocabulary(
    "membership_step",
    {
        "application": "The country applies.",
        "admission": "It is admitted in the kind that the row names.",
        "suspension": "Its rights are suspended.",
        "withdrawal": "It leaves.",
    },
)

MEMBERSHIP_KIND = Vocabulary(
    "membership_kind",
    {
        "full": "With all rights of a member.",
        "associate": "With part of the rights of a member.",
        "observer": "May attend, without a vote.",
        "guest": "Invited for an occasion.",
    },
)

PARTICIPANT_ROLE = Vocabulary(
    "participant_role",
    {
        "head_of_delegation": "Leads a delegation.",
        "delegate": "Belongs to a delegation.",
        "host": "Receives the others, or presides at home.",
        "guest": "Is received or invited.",
        "speaker": "Speaks.",
        "signatory": "Signs for a party.",
        "party": "Is bound by the instrument, or adopted it.",
        "attendee": "Was present.",
    },
)

TOPIC = Vocabulary(
    "topic",
    {
        "sovereignty": "Independence and non-interference.",
        "territorial_integrity": "Borders, territory and their conflicts.",
        "elections": "Elections and their observation.",
        "economic_cooperation": "Trade, industry, investment, supplies.",
        "interparliamentary_cooperation": "Cooperation of parliaments.",
        "world_order": "The international order as a whole.",
        "bilateral_friendship": "The two countries' relations and those of their leaders.",
        "third_party_reaction": "What others say of these relations.",
        "other": "Another topic; subjects says which.",
    },
)

SOURCE_TYPE = Vocabulary(
    "source_type",
    {
        "news_article": "An article of a newspaper, agency or news site.",
        "official_release": "A text that an authority published itself.",
        "treaty_text": "The text of an instrument.",
        "dataset": "A data set.",
        "book": "A book or a chapter of one.",
        "other": "Another kind; the note says which.",
    },
)

BASIS = Vocabulary(
    "basis",
    {
        "stated": "The passage says it.",
        "inferred": "The curator concluded it from the passage; the note says how.",
    },
)

STANCE = Vocabulary(
    "stance",
    {
        "supports": "The passage speaks for the cell.",
        "contradicts": "The passage speaks against the cell; the note says how that was settled.",
    },
)

VOICE = Vocabulary(
    "voice",
    {
        "author": "The source speaks for itself.",
        "quoted": "It repeats the words of another outlet or person.",
        "reported": "It tells in its own words what somebody said.",
    },
)

EVIDENCED_TABLE = Vocabulary(
    "evidenced_table",
    {
        "countries": "A row of countries.",
        "organizations": "A row of organizations.",
        "officials": "A row of officials.",
        "terms": "A row of terms.",
        "assembly_sessions": "A row of assembly_sessions.",
        "visits": "A row of visits.",
        "engagements": "A row of engagements.",
        "agreements": "A row of agreements.",
        "memberships": "A row of memberships.",
        "participants": "A row of participants.",
        "statements": "A row of statements.",
        "sources": "A row of sources.",
    },
)
