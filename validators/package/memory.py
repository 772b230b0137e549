"""How much memory there is, and how much of it tables may take."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from pathlib import Path

from relations.validators.package.limits import MIB

CGROUPS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)
"""Where Linux says how much a container may have, by its second way of counting and its first."""

OF_ONE, OF_ALL = 32, 16
"""The parts of the memory that the file of one table may have to be held, and those of all.

A check takes four to six times the bytes of the files that it holds.
"""
ALWAYS = 8 * MIB
"""Bytes of a file that is held in any case: it would be read in one part."""


@functools.cache
def memory() -> int:
    """How many bytes this machine has, or the container that this runs in, if that has less.

    Where nothing says, more than any has.
    """
    return min([_of_machine(), *_of_containers()])


def may_hold(held: int) -> int:
    """Bytes up to which a further file is held whole, where ``held`` bytes of others are."""
    return max(ALWAYS, min(memory() // OF_ONE, memory() // OF_ALL - held))


def _of_machine() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return 2**63


def _of_containers() -> Iterator[int]:
    for path in CGROUPS:
        try:
            stated = Path(path).read_text("ascii").strip()
        except (OSError, ValueError):
            continue
        if stated.isdecimal():
            yield int(stated)
