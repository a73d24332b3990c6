"""The stations of the tour, the questions of the quiz, and all texts of the page: checked data files.

The texts of a language are one JSON file, `lessons/texts/LANGUAGE.json`. A file of somebody else must have
the same keys as the English one, and may use the same placeholders, such as {percent}.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cookie_jar.agents.files import read_json
from cookie_jar.scripts.common.console import UsageError, printable

OWN = {"corner": "CookieJarCorner-v0", "home": "CookieJar-v0", "clumsy": "CookieJarClumsy-v0"}  # kitchens
FOLDER = Path(__file__).parent.parent / "lessons"
LANGUAGE = "en"
MAX_BYTES = 1 << 18  # of a file of texts
MAX_CHARACTERS = 2_000  # of a text
PLACEHOLDER = re.compile(r"\{(\w+)\}")
HALF = re.compile("[\ud800-\udfff]")  # of a character: no file can hold one
DEPTH = 5  # of the keys of texts
SHOWN = 3  # wrong keys that an error message names

Texts = dict[str, Any]  # texts and lists of texts, by section and key


class Station(NamedTuple):
    """A station of the tour, or a question of the quiz. See `teaching.stations` for the operations.

    Attributes:
        id: The key of its texts, such as "tour.memory".
        answer: The fact that decides which choice is right.
        choices: What the fact must be for each choice: a range [low, high]; the name of another fact stands
            for its value.
        kitchen: The kitchen.
        before: Operations carried out before the question is asked.
        operations: Operations carried out after it was answered.
        phase: The phase of learning that a station is about, or "".
        words: Which of the learner's own answers is asked for instead, "before" or "after"; or "".
    """

    id: str
    answer: str = ""
    choices: list[Any] = []  # noqa: RUF012 (read only)
    kitchen: str = "corner"
    before: list[list[Any]] = []  # noqa: RUF012 (read only)
    operations: list[list[Any]] = []  # noqa: RUF012 (read only)
    phase: str = ""
    words: str = ""


@cache
def read_lessons() -> dict[str, Any]:
    """Return the data of stations.json: the lists "stations" and "quiz"."""
    lessons: dict[str, Any] = read_json(FOLDER / "stations.json")
    return lessons


def stations() -> list[Station]:
    """Return the stations of the tour that ask to predict, in their order."""
    return _with_choices("stations")


def questions() -> list[Station]:
    """Return the questions of the quiz."""
    return _with_choices("quiz")


def _with_choices(part: str) -> list[Station]:
    return [station for found in read_lessons()[part] if (station := Station(**found)).choices]


def languages() -> list[str]:
    """Return the languages of the installed texts."""
    return sorted(path.stem for path in (FOLDER / "texts").glob("*.json"))


def read_texts(file: Path | None = None, language: str = LANGUAGE) -> Texts:
    """Return the texts of a language, or of a file.

    Raises:
        FileError: If the file cannot be read, is too large, or is not JSON.
        UsageError: If its keys or placeholders are not those of the English texts.
    """
    path = FOLDER / "texts" / f"{language}.json" if file is None else file
    texts: Texts = read_json(path, MAX_BYTES)
    if file is not None or language != LANGUAGE:
        check_texts(texts, str(path))
    return texts


def check_texts(texts: Any, source: str) -> None:
    """Compare texts with the English ones.

    Args:
        texts: The value of a JSON file.
        source: The file, for messages.

    Raises:
        UsageError: If a key is missing or unknown, or a text is none, too long, or has unknown placeholders.
    """
    expected = dict(_flat(read_json(FOLDER / "texts" / f"{LANGUAGE}.json")))
    found = dict(_flat(texts))
    for what, keys in (
        ("missing", expected.keys() - found.keys()),
        ("unknown", found.keys() - expected.keys()),
    ):
        if keys:
            names = ", ".join(printable(key, 80) for key in sorted(keys)[:SHOWN])
            more = f" and {len(keys) - SHOWN:,} more" if len(keys) > SHOWN else ""
            keys_of = "the keys of the English texts, nested as there"
            raise UsageError(f"{source}: expected {keys_of}; {what}: {names}{more}")
    for key, text in found.items():
        _check_text(f"{source}: {key}", text, expected[key])


def _check_text(where: str, text: Any, english: str) -> None:
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_CHARACTERS:
        got = f"{len(text):,} characters" if isinstance(text, str) else type(text).__name__
        raise UsageError(f"{where}: expected a text of 1 to {MAX_CHARACTERS:,} characters, got {got}")
    if HALF.search(text):
        raise UsageError(f"{where}: expected text in UTF-8, got half a character: {printable(text, 80)}")
    unknown = set(PLACEHOLDER.findall(text)) - set(PLACEHOLDER.findall(english))
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in sorted(set(PLACEHOLDER.findall(english)))) or "none"
        name = printable(sorted(unknown)[0], 80)
        raise UsageError(f"{where}: expected placeholders of the English text ({known}), got {{{name}}}")


def _flat(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the texts of nested dicts and lists with their keys, such as "tour.file.choices.0".

    A name that itself has a point is quoted, so that it stands for no nested key.
    """
    if not isinstance(value, (dict, list)) or key.count(".") >= DEPTH:
        yield key, value
        return
    for name, item in value.items() if isinstance(value, dict) else enumerate(value):
        part = repr(name) if "." in str(name) else str(name)
        yield from _flat(item, f"{key}.{part}" if key else part)


def say(texts: Texts, key: str, values: Mapping[str, Any] | None = None) -> str:
    """Return the text of a key such as "tour.file.title", with values in place of {names}."""
    found: Any = texts
    for part in key.split("."):
        found = found[int(part)] if isinstance(found, list) else found[part]
    given = values or {}
    return PLACEHOLDER.sub(lambda match: shown(given.get(match[1], match[0])), found)


def shown(fact: Any) -> str:
    """Return a fact as it is shown in a text: numbers with at most 4 decimals."""
    return fact if isinstance(fact, str) else f"{fact:z,.4f}".rstrip("0").rstrip(".")
