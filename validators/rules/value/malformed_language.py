"""A language is not given by its BCP 47 tag.

The tag of English is `en`, of Azerbaijani `az`; where it matters, the script and the country
follow: `az-Latn`, `en-GB`. The language itself is in small letters. Names of languages have
many spellings, their tags one.
"""

from __future__ import annotations

import re

from relations.validators.example import Cell, Expect, bad, good
from relations.validators.finding import Severity
from relations.validators.rule import BadCell, Rule

NAMES = {
    "af": "afrikaans", "am": "amharic", "ar": "arabic;العربية",
    "az": "azerbaijani;azeri;azərbaycan;azərbaycanca;azərbaycan dili",
    "be": "belarusian;belarussian;byelorussian;беларуская;беларуская мова",
    "bg": "bulgarian;български", "bn": "bengali;bangla", "bs": "bosnian", "ca": "catalan",
    "cs": "czech;čeština", "cy": "welsh", "da": "danish;dansk", "de": "german;deutsch",
    "el": "greek;ελληνικά", "en": "english", "es": "spanish;castilian;español",
    "et": "estonian;eesti", "eu": "basque", "fa": "persian;farsi;فارسی",
    "fi": "finnish;suomi", "fr": "french;français", "ga": "irish", "gl": "galician",
    "he": "hebrew;עברית", "hi": "hindi", "hr": "croatian;hrvatski", "hu": "hungarian;magyar",
    "hy": "armenian;հայերեն", "id": "indonesian", "is": "icelandic;íslenska",
    "it": "italian;italiano", "ja": "japanese;日本語", "ka": "georgian;ქართული",
    "kk": "kazakh;қазақша", "km": "khmer", "ko": "korean;한국어", "ku": "kurdish",
    "ky": "kyrgyz;kirghiz;кыргызча", "lo": "lao", "lt": "lithuanian;lietuvių",
    "lv": "latvian;latviešu", "mk": "macedonian", "mn": "mongolian", "ms": "malay",
    "mt": "maltese", "my": "burmese", "ne": "nepali", "nl": "dutch;nederlands",
    "no": "norwegian;norsk", "pl": "polish;polski", "ps": "pashto",
    "pt": "portuguese;português", "ro": "romanian;moldovan;română",
    "ru": "russian;русский;русский язык", "sk": "slovak", "sl": "slovene;slovenian",
    "so": "somali", "sq": "albanian;shqip", "sr": "serbian;српски;srpski",
    "sv": "swedish;svenska", "sw": "swahili", "tg": "tajik;тоҷикӣ", "th": "thai",
    "tk": "turkmen;türkmençe", "tr": "turkish;türkçe", "uk": "ukrainian;українська",
    "ur": "urdu", "uz": "uzbek;oʻzbekcha", "vi": "vietnamese", "zh": "chinese;mandarin;中文",
}  # fmt: skip
"""The tags of languages with their names, in English and where likely in their own words."""


def explain(cell: BadCell) -> tuple[str, str]:
    meant = _meant(cell.value)
    if meant and not re.fullmatch((cell.column.pattern or "")[1:-1], meant):
        meant = None
    return (
        f"`{cell.value}` is not the tag of a language",
        f"did you mean `{meant}`?" if meant else "write its BCP 47 tag, as in `en` or `en-GB`",
    )


def _meant(value: str) -> str | None:
    plain = value.strip().casefold()
    for tag, names in NAMES.items():
        if plain in names.split(";"):
            return tag
    parts = re.split("[-_]", plain)
    # Language, script and country differ by their length, and each has its own case.
    cased = [part.title() if len(part) == 4 else part.upper() for part in parts[1:]]
    return "-".join([parts[0], *cased])


RULE = Rule(
    code="malformed-language",
    family="value",
    severity=Severity.ERROR,
    manual=__doc__,
    explain=explain,
    in_descriptor=True,
    good=(good(Cell("sources", "R0001", "language", "az-Latn-AZ")),),
    bad=(
        bad(
            Cell("sources", "R0001", "language", "English"),
            expect=Expect("datapackage/sources.csv", 2, "language", "English"),
        ),
        bad(
            Cell("sources", "R0001", "language", "EN"),
            expect=Expect("datapackage/sources.csv", 2, "language", "EN"),
        ),
    ),
)
