"""How a cell holds a list. Here alone, so that a rule need not import the models for it."""

from __future__ import annotations

LIST_SEPARATOR = ";"
