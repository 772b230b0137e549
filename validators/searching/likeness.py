"""Names that differ only as spellings of one name differ.

A name is cut into words, and each word is folded: case, accents and the customs of
transliteration are taken out, so that `Natalia` and `Natalya`, `Əliyev` and `Aliev` fold
alike. Two folded words are alike where they are equal or one slip apart (a letter too many,
too few, another, or two that changed places); words of eight letters or more are alike also
with two slips, where both are of vowels (`Kochanova`, `Kachanava`). Words of less than six
letters get no slip (`Ivan` and `Iran` are two words), nor does an `a` too many at the end,
which makes another person of `Aleksandr`. Two names are alike where their words can be paired,
in any order.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from relations.validators.searching.normal_form import normal_form

Words = tuple[str, ...]
LONGEST = 60
"""Letters of a folded word; a longer one has no slips."""
MOST = 60
"""Words of a name; one of more is no name, and like none."""

_LETTERS = str.maketrans(
    {
        "ə": "a", "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss",
        "æ": "ae", "œ": "oe", "ç": "ch", "č": "ch", "ş": "sh", "ș": "sh", "š": "sh", "ž": "zh",
        "ğ": "g",
    }
)  # fmt: skip
_SOUNDS = (
    # "C" stands for the sound of ch, which a plain c, mostly a k, must not fall together with.
    ("shch", "s"), ("sch", "s"), ("tch", "C"), ("ch", "C"), ("sh", "s"), ("zh", "z"),
    ("kh", "h"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("c", "k"), ("q", "k"),
    ("x", "ks"), ("w", "v"), ("y", "i"), ("j", "i"),
)  # fmt: skip


@functools.lru_cache(100_000)
def fold(word: str) -> str:
    """One word without case, accents and the customs of transliteration."""
    plain = normal_form("NFC", word).casefold().translate(_LETTERS)
    plain = normal_form("NFKD", plain)
    plain = "".join(character for character in plain if character.isalnum())
    for written, sound in _SOUNDS:
        plain = plain.replace(written, sound)
    # A soft vowel: Aliyev, Aliev; Yelena, Elena; Natalia, Natalya.
    plain = re.sub("i+(?=[aeou])", "", plain)
    return re.sub(r"(.)\1+", r"\1", plain)


def words(name: str, without: frozenset[str] = frozenset()) -> Words:
    """The folded words of a name, those in ``without`` (in small letters) left out."""
    found = re.findall(r"[^\W_]+(?:['’ʼʹ`´][^\W_]+)*", normal_form("NFC", name))
    if len(found) > MOST:
        return ()
    return tuple(fold(word) for word in found if word.casefold() not in without and fold(word))


def slips_allowed(word: str) -> int:
    """How many slips a word of this length may have."""
    if len(word) > LONGEST or any(character.isdigit() for character in word):
        return 0
    return 0 if len(word) < 6 else 1 if len(word) < 8 else 2


def slips(first: str, second: str) -> int:
    """How many letters are missing, added, changed or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(second) + 1))
    for row, letter in enumerate(first, 1):
        line = [row]
        for column, other in enumerate(second, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == second[column - 2] and first[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]


@functools.lru_cache(100_000)
def alike(first: str, second: str) -> bool:
    """Whether two folded words are spellings of one."""
    if first == second:
        return True
    if first + "a" == second or second + "a" == first:
        return False
    allowed = min(slips_allowed(first), slips_allowed(second))
    if abs(len(first) - len(second)) > allowed:
        return False
    found = slips(first, second)
    return found <= 1 <= allowed or (found <= allowed and _consonants(first) == _consonants(second))


def _consonants(word: str) -> str:
    return re.sub("[aeiou]", "", word)


def same_name(first: Words, second: Words) -> bool:
    """Whether two persons' names are alike.

    Every word of the shorter has its like in the other, in any order, and at most one word of
    the longer is left over (a middle name). An initial is like every word that begins with it
    where another word is the same.
    """
    short, long = sorted((first, second), key=lambda name: (len(name), name))
    if not short or (len(short) == 1) != (len(long) == 1):
        return False
    left, rest = list(long), []
    for word in short:
        if word in left:
            left.remove(word)
        else:
            rest.append(word)
    equal = any(len(word) > 1 and word in long for word in short)
    initials = []
    for word in rest:
        like = next((each for each in left if len(word) > 1 and alike(word, each)), None)
        if like is None:
            initials.append(word)
        else:
            left.remove(like)
    for word in initials:
        like = next(
            (each for each in left if each[0] == word[0] and 1 in (len(word), len(each))), None
        )
        if like is None:
            return False
        left.remove(like)
    if sum(len(word) > 1 for word in left) > 1:
        return False
    return equal or not initials


def same_title(first: Words, second: Words) -> bool:
    """Whether two organizations' names are alike: every word of either has its like."""
    if not first or len(first) != len(second):
        return False
    left = list(second)
    for word in first:
        like = word if word in left else next((each for each in left if alike(word, each)), None)
        if like is None:
            return False
        left.remove(like)
    return True


class Groups:
    """Folded words put into groups, so that words that are alike are in one.

    Words within two slips share what is left of them after taking out at most two letters
    each; only such words are compared.
    """

    def __init__(self, folded: Iterable[str]) -> None:
        self._parent = {word: word for word in folded}
        met: dict[str, list[str]] = defaultdict(list)
        for word in self._parent:
            for rest in _rests(word):
                for other in met[rest]:
                    if self.of(word) != self.of(other) and alike(word, other):
                        self._parent[self.of(word)] = self.of(other)
                met[rest].append(word)

    def of(self, word: str) -> str:
        """The word that stands for the group of ``word``."""
        while self._parent[word] != word:
            self._parent[word] = self._parent[self._parent[word]]
            word = self._parent[word]
        return word

    def keys(self, name: Words) -> Iterator[tuple[str, str]]:
        """Keys of a name: two names that are alike have one in common."""
        groups = [self.of(word) for word in name]
        if len(groups) == 1:
            yield groups[0], ""
        for first, second in combinations(range(len(groups)), 2):
            low, high = sorted((groups[first], groups[second]))
            yield low, f"={high}"
            yield groups[first], name[second][0]
            yield groups[second], name[first][0]


@functools.lru_cache(1_000)  # the same names are found in many countries
def _rests(word: str) -> set[str]:
    """What is left of a word after taking out as many letters as it may have slips, or fewer."""
    rests = shorter = {word}
    for _ in range(slips_allowed(word)):
        shorter = {rest[:at] + rest[at + 1 :] for rest in shorter for at in range(len(rest))}
        rests = rests | shorter
    return rests
