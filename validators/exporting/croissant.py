"""Croissant: metadata for machine learning tools, in the words of MLCommons' version 1.0.

It describes the CSV files as they are, with their digests, one record set a table with its
key, types and references, and one record set a vocabulary. It is meant to lie beside
`datapackage.json`: the files are given relative to it, or below ``--base-url``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from relations.schemas.columns import LIST_SEPARATOR
from relations.schemas.descriptor import description
from relations.schemas.table import primary_key
from relations.schemas.tables import TABLES
from relations.validators.building.codebook import VocabularyEntry
from relations.validators.exporting.contents import Contents
from relations.validators.exporting.metadata import (
    address,
    creators,
    licenses,
)
from relations.validators.package.package import declared

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
    """Write the metadata into the file ``target``."""
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
        "distribution": [_file(contents, table, target.parent) for table in TABLES],
        "recordSet": [
            *(_record_set(table) for table in TABLES),
            *(_enumeration(vocabulary) for vocabulary in contents.codebook.vocabularies),
        ],
    }
    made = {name: value for name, value in node.items() if value not in (None, "", [])}
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _file(contents: Contents, table: str, folder: Path) -> Node:
    path = contents.paths[table]
    data = contents.data.get(table, b"")
    return {
        "@type": "cr:FileObject",
        "@id": f"{table}.csv",
        "name": f"{table}.csv",
        "description": description(TABLES[table]),
        "contentUrl": address(contents, path, folder),
        "contentSize": f"{len(data)} B",
        "encodingFormat": "text/csv",
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _record_set(table: str) -> Node:
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "description": description(TABLES[table]),
        "key": {"@id": f"{table}/{primary_key(TABLES[table])}"},
        "field": list(_fields(table)),
    }


def _fields(table: str) -> Iterator[Node]:
    for name, column in declared()[table].items():
        field: Node = {
            "@type": "cr:Field",
            "@id": f"{table}/{name}",
            "name": name,
            "description": column.description,
            "dataType": "sc:Integer" if column.kind == "integer" else "sc:Text",
            "source": {
                "fileObject": {"@id": f"{table}.csv"},
                "extract": {"column": name},
            },
        }
        if column.is_list:
            field["repeated"] = True
            field["source"]["transform"] = {"separator": LIST_SEPARATOR}
        if column.references:
            # In words alone: mlcroissant reads `references` to another table as a join to
            # carry out, and then cannot load a table with several of them or with one to itself.
            key = primary_key(TABLES[column.references])
            field["description"] += f" References {column.references}/{key}."
        if column.vocabulary and not column.is_list:
            term = f"vocabulary/{column.vocabulary.name}/term"
            field["references"] = {"field": {"@id": term}}
        yield field


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
