"""Tells the script a text is written in."""

import unicodedata
from collections import Counter

NAMES = {
    "LATIN": "Latin",
    "CJK": "Han",
    "IDEOGRAPHIC": "Han",
    "CYRILLIC": "Cyrillic",
    "ARABIC": "Arabic",
    "GREEK": "Greek",
    "HEBREW": "Hebrew",
    "HANGUL": "Hangul",
    "HIRAGANA": "Japanese",
    "KATAKANA": "Japanese",
    "THAI": "Thai",
    "DEVANAGARI": "Devanagari",
    "GEORGIAN": "Georgian",
    "ARMENIAN": "Armenian",
    "KHMER": "Khmer",
}
"""First word of a character's Unicode name → script as people say it."""


def of_character(character: str) -> str:
    """The script of a letter; empty for what is no letter or of a script without a name here."""
    if not character.isalpha():
        return ""
    return NAMES.get(unicodedata.name(character, "").split(" ")[0].split("-")[0], "")


def of_text(text: str) -> str:
    """The script of most letters of a text; empty where there are none. Any kana makes it Japanese."""
    if text.isascii():
        return "Latin" if any(map(str.isalpha, text)) else ""
    counts = Counter(script for character in text if (script := of_character(character)))
    if "Japanese" in counts:
        return "Japanese"
    return counts.most_common(1)[0][0] if counts else ""


def is_han(character: str) -> bool:
    """Whether a character is a Han ideograph (the blocks in use for names)."""
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003134f" or character == "〇"
