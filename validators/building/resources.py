"""The derived part of the descriptor: one resource per table, made from model and file."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from relations.schemas import descriptor as schemas
from relations.validators.package.file_form import GZIP, PARQUET
from relations.validators.package.record_count import records

HASH = "sha256:"


def structure(table: str, path: str) -> dict[str, Any]:
    """The resource of one table as far as it follows from the model alone."""
    return {
        "name": table,
        "type": "table",
        "path": path,
        "description": schemas.description(table),
        **_form(path),
        "schema": schemas.table_schema(table),
    }


def _form(path: str) -> dict[str, str]:
    """What a file is, by its name."""
    if path.lower().endswith(PARQUET):
        return {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}
    csv = {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    return csv | {"compression": "gz"} if path.lower().endswith(GZIP) else csv


def resource(table: str, path: str, data: bytes) -> dict[str, Any]:
    """The resource of one table; ``data`` are the bytes of its file."""
    digest = hashlib.sha256(data).hexdigest()
    return described(table, path, counts(len(data), digest, _rows(path, data)))


def _rows(path: str, data: bytes) -> int:
    # Only who has such a file pays for the import.
    if path.lower().endswith(PARQUET):
        from relations.validators.package.parquet_file import height_of

        return height_of(data)
    if path.lower().endswith(GZIP):
        from relations.validators.package.packed_file import unpacked

        data = unpacked(path, data)
    return records((data,))


def described(table: str, path: str, counted: dict[str, Any]) -> dict[str, Any]:
    """The same of a file that was counted already, as ``counts`` does."""
    made = structure(table, path)
    schema = made.pop("schema")
    return {**made, **counted, "schema": schema}


def counts(size: int, digest: str, rows: int) -> dict[str, Any]:
    """Size, digest and number of rows of a table's file as it lies in the package."""
    return {
        "bytes": size,
        "hash": HASH + digest,
        "rows": rows,
    }


def rebuilt(header: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> dict[str, Any]:
    """A whole descriptor: what people own of ``header`` as it is, then the derived resources.

    ``files`` maps each table to its path and bytes, in the order of the model.
    """
    made = {name: value for name, value in header.items() if name != "resources"}
    made["resources"] = [resource(table, path, data) for table, (path, data) in files.items()]
    return made


def serialized(descriptor: dict[str, Any]) -> bytes:
    """The bytes of a descriptor as `relations build` writes it."""
    return (json.dumps(descriptor, indent=2, ensure_ascii=False) + "\n").encode("utf-8")
