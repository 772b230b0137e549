"""The Table Schemas of the descriptor, made from the Pandera models (Data Package v2)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from relations.schemas.columns import LIST_SEPARATOR, Column
from relations.schemas.declared import declared_tables

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


def table_schema(table: str) -> dict[str, Any]:
    """The Table Schema of one table."""
    tables = declared_tables()
    declared = tables[table].columns
    schema: dict[str, Any] = {
        "$schema": SCHEMA_PROFILE,
        "fields": [field(name, column) for name, column in declared.items()],
        "fieldsMatch": "exact",
        "missingValues": [""],
        "primaryKey": [next(iter(declared))],
    }
    foreign = [
        {
            "fields": [name],
            "reference": {
                # A reference without a resource is one to the table itself.
                **({} if column.references == table else {"resource": column.references}),
                "fields": [next(iter(tables[column.references].columns))],
            },
        }
        for name, column in declared.items()
        if column.references
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return schema


def description(table: str) -> str:
    """What a table holds: the docstring of its model as one paragraph."""
    return declared_tables()[table].description
