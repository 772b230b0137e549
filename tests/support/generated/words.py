"""Invented words and names, of which no two are alike enough to be taken for one."""

WORDS = (
    "talks", "on", "the", "harbour", "of", "Reykjavík", "Əliyev's", "naïve", "“quoted”", "5", "-5",
    "NA", "null", "nan", "Визит", "访问", "زيارة", "می\u200cخواهم", "Ωμέγα", "half; whole", "a, b",
    'say "so"', "—", "🤝", "𝕏", "C++", "50 %", "<b>", "&amp;", "\\n", "${x}", "#1", "e\u0301tude",
)  # fmt: skip
"""What free text is made of; `e\u0301` is put together before it is written."""

PLACES = (
    "Tallinn", "Reykjavík", "Zürich", "Baku", "São Paulo", "Kyiv", "Ho Chi Minh City", "Łódź",
    "N'Djamena", "St. John's", "Washington, D.C.", "東京",
)  # fmt: skip

PERSONS = (
    ("Sigrún", "Dalberg", "Сигрун Далберг"),
    ("Oumar", "Kwakye", ""),
    ("Tsvetelina", "Hristozova", "Цветелина Христозова"),
    ("Beatriz", "Figueiredo", ""),
    ("Jarmo", "Pekkanen", ""),
    ("Nguyen", "Phuong", ""),
    ("Eleftheria", "Xanthopoulou", "Ελευθερία Ξανθοπούλου"),
    ("Mbali", "Zwane", ""),
    ("Wolfgang", "Schreiber", ""),
    ("Aiko", "Minamoto", "源愛子"),
)
"""Given name, family name, and the name in its own script where it has another."""

BODIES = (
    "Lakes Parliament",
    "Chamber of Commerce and Navigation",
    "Union for Postal Telegraphy",
    "Ministry of Fisheries",
    "Herald Broadcasting",
    "Mountain Assembly",
    "Presidency",
    "Institute of Folklore",
    "Cotton Company",
    "Women's Network against Poverty",
)
