"""Croissant: a data set for machine learning tools, in the words of MLCommons' version 1.0.

A folder with ``croissant.json`` and one Parquet file a table, which it describes: their
digests, one record set a table with its key and types, and one record set a vocabulary. It
describes Parquet and not the CSV files, because the usual reader lets pandas guess the types
of CSV: codes become numbers (`031` is 31, and 696.0 beside an empty cell), and the letters NA,
which are data here, an empty cell.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relations.schemas.descriptor import description
from relations.schemas.table import primary_key
from relations.schemas.tables import TABLES
from relations.validators.building.codebook import VocabularyEntry
from relations.validators.exporting import parquet_folder
from relations.validators.exporting.contents import Contents, OutputColumn, layout
from relations.validators.exporting.metadata import (
    creators,
    licenses,
)

if TYPE_CHECKING:
    import polars as pl

FILE = "croissant.json"
VERSION = "http://mlcommons.org/croissant/1.0"

_SHORT = (
    "citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject",
    "fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField",
    "path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate",
    "separator", "source", "subField", "transform",
)  # fmt: skip
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "dct": "http://purl.org/dc/terms/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
} | {name: f"cr:{name}" for name in _SHORT}
"""The context of the standard, whose keys every tool expects whether or not they are used."""

Node = dict[str, Any]


def write(contents: Contents, target: Path) -> None:
    """Fill the folder ``target``."""
    parquet_folder.write(contents, target)
    node: Node = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": contents.name,
        "alternateName": contents.text("title"),
        "description": contents.text("description"),
        "version": contents.text("version"),
        "url": contents.text("homepage"),
        "license": licenses(contents),
        "creator": creators(contents),
        "datePublished": contents.citation.released,
        "keywords": contents.header.get("keywords"),
        "citeAs": contents.citation.bibtex,
        "distribution": [_file(contents, target / f"{table}.parquet") for table in TABLES],
        "recordSet": [
            *(_record_set(table, contents) for table in TABLES),
            *(_enumeration(vocabulary) for vocabulary in contents.codebook.vocabularies),
        ],
    }
    made = {name: value for name, value in node.items() if value not in (None, "", [])}
    text = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    (target / FILE).write_text(text, "utf-8", newline="")


def _file(contents: Contents, path: Path) -> Node:
    data = path.read_bytes()
    return {
        "@type": "cr:FileObject",
        "@id": path.name,
        "name": path.name,
        "description": description(path.stem),
        "contentUrl": contents.base_url + path.name,
        "contentSize": f"{len(data)} B",
        "encodingFormat": "application/x-parquet",
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _record_set(table: str, contents: Contents) -> Node:
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": description(table),
        "key": {"@id": f"{table}/{primary_key(TABLES[table])}"},
        "field": list(_fields(table, contents)),
    }


def _fields(table: str, contents: Contents) -> Iterator[Node]:
    schema = contents.typed(table).schema
    for output in layout(table):
        column = output.column
        field: Node = {
            "@type": "cr:Field",
            "@id": f"{table}/{output.name}",
            "name": output.name,
            "description": output.description,
            "dataType": _type(output, schema[output.name]),
            "source": {
                "fileObject": {"@id": f"{table}.parquet"},
                "extract": {"column": output.name},
            },
        }
        if column.is_list and not output.is_date:
            field["repeated"] = True
        if column.references:
            # In words alone: mlcroissant reads `references` to another table as a join to
            # carry out, and then cannot load a table with several of them or with one to itself.
            key = primary_key(TABLES[column.references])
            field["description"] += f" References {column.references}/{key}."
        if column.vocabulary and not column.is_list:
            term = f"vocabulary/{column.vocabulary.name}/term"
            field["references"] = {"field": {"@id": term}}
        yield field


def _type(output: OutputColumn, stored: pl.DataType) -> str:
    if output.is_date:
        return "sc:Date"
    return "sc:Integer" if stored.is_integer() else "sc:Text"


def _enumeration(vocabulary: VocabularyEntry) -> Node:
    base = f"vocabulary/{vocabulary.name}"
    return {
        "@type": "cr:RecordSet",
        "@id": base,
        "name": vocabulary.name,
        "description": "Terms of " + ", ".join(vocabulary.used_by) + ".",
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{base}/term"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{base}/{name}",
                "name": name,
                "description": said,
                "dataType": "sc:Text",
            }
            for name, said in (("term", "The term."), ("meaning", "What it means."))
        ],
        "data": [
            {f"{base}/term": term.term, f"{base}/meaning": term.meaning}
            for term in vocabulary.terms
        ],
    }
