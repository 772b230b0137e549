"""The columns of a participant that name an event: exactly one of them is filled."""

EVENTS = ("visit_id", "engagement_id", "session_id", "agreement_id")
