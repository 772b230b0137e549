"""The Table Schemas of the descriptor, made from the Pandera models (Data Package v2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relations.schemas.columns import LIST_SEPARATOR, Column
from relations.schemas.table import Table, columns, primary_key
from relations.schemas.tables import TABLES

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
PROFILE_FILE = Path(__file__).with_name("profiles") / "datapackage-2.0.json"
"""The JSON Schema that ``PROFILE`` names, as it is committed here."""


def field(name: str, column: Column) -> dict[str, Any]:
    """The descriptor's field of one column."""
    made: dict[str, Any] = {"name": name, "description": column.description}
    if column.is_list:
        made |= {"type": "list", "delimiter": LIST_SEPARATOR, "itemType": "string"}
    elif column.kind == "integer":
        made["type"] = "integer"
    else:
        made["type"] = "string"
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.kind == "key":
        constraints["unique"] = True
    if column.minimum is not None:
        constraints["minimum"] = column.minimum
    if column.pattern and made["type"] == "string":
        constraints["pattern"] = column.pattern
    if column.kind == "term" and column.vocabulary:
        constraints["enum"] = list(column.vocabulary)
        made["categories"] = [
            {"value": term, "label": meaning} for term, meaning in column.vocabulary.terms.items()
        ]
    if constraints:
        made["constraints"] = constraints
    if column.example:
        made["example"] = column.example
    return made


def table_schema(model: type[Table]) -> dict[str, Any]:
    """The Table Schema of one model."""
    declared = columns(model)
    schema: dict[str, Any] = {
        "$schema": SCHEMA_PROFILE,
        "fields": [field(name, column) for name, column in declared.items()],
        "fieldsMatch": "exact",
        "missingValues": [""],
        "primaryKey": [primary_key(model)],
    }
    own = next(name for name, other in TABLES.items() if other is model)
    foreign = [
        {
            "fields": [name],
            "reference": {
                # A reference without a resource is one to the table itself.
                **({} if column.references == own else {"resource": column.references}),
                "fields": [primary_key(TABLES[column.references])],
            },
        }
        for name, column in declared.items()
        if column.references
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return schema


def description(model: type[Table]) -> str:
    """What a table holds: the model's docstring as one paragraph."""
    return " ".join((model.__doc__ or "").split())
