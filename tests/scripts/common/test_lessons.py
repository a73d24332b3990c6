import json
import re
from copy import deepcopy

import pytest

from cookie_jar.agents.errors import FileError
from cookie_jar.scripts.common import lessons
from cookie_jar.scripts.common.console import UsageError

LONGEST = 60  # words of a station and phase


@pytest.fixture
def texts():
    return deepcopy(lessons.read_texts())


@pytest.fixture
def read(tmp_path):
    """A function that writes texts to a file and reads them."""

    def call(texts):
        path = tmp_path / "own.json"
        path.write_text(json.dumps(texts), encoding="utf-8")
        return lessons.read_texts(path)

    return call


def test_a_file_with_the_keys_of_the_english_one_is_another_language(read, texts):
    texts["tour"]["file"]["title"] = "Speichern und zurücklesen"
    assert read(texts) == texts


def test_all_stations_and_questions_have_texts(texts):
    for station in [*lessons.stations(), *lessons.questions()]:
        section, _, name = station.id.partition(".")
        assert len(texts[section][name]["choices"]) == len(station.choices)


@pytest.mark.parametrize("section", ["tour", "quiz"])
def test_the_texts_of_a_phase_are_short(texts, section):
    for key, station in texts[section].items():
        if isinstance(station, dict):
            for phase in ("question", "see", "why"):
                words = len(station.get(phase, "").split())
                assert words <= LONGEST, f"{section}.{key}.{phase}: {words} words"


def damaged(change):
    def damage(texts):
        change(texts)
        return texts

    return damage


def flat(texts):
    return {f"{section}.{key}": text for section, part in texts.items() for key, text in part.items()}


DAMAGE = {
    "missing": (damaged(lambda t: t["tour"].pop("right")), "missing: tour.right"),
    "unknown": (damaged(lambda t: t["tour"].update(rihgt="")), "unknown: tour.rihgt"),
    "no text": (damaged(lambda t: t["tour"].update(right=3)), "tour.right: expected a text"),
    "empty": (damaged(lambda t: t["tour"].update(right=" ")), "tour.right: expected a text"),
    "long": (damaged(lambda t: t["tour"].update(right="x" * 2_001)), "got 2,001 characters"),
    "placeholder": (damaged(lambda t: t["tour"]["file"].update(see="{byts}")), r"got \{byts\}"),
    "fewer choices": (damaged(lambda t: t["tour"]["file"]["choices"].pop()), r"missing: tour.file.choices.2"),
    "no object": (lambda texts: "texts", "missing: "),
    "a point in a name": (flat, "nested as there; missing: "),
    "half a character": (damaged(lambda t: t["tour"].update(right="x\ud800")), r"half a character: x\\ud800"),
    "deep": (damaged(lambda t: t.update(more=deep(500))), "unknown: more"),
}


def deep(levels):
    value = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("damage", DAMAGE)
def test_other_texts_are_refused_by_name(read, texts, damage):
    change, message = DAMAGE[damage]
    with pytest.raises(UsageError, match=message):
        read(change(texts))


def test_a_large_file_is_refused(tmp_path):
    path = tmp_path / "own.json"
    path.write_bytes(b" " * (lessons.MAX_BYTES + 1))
    with pytest.raises(FileError, match="at most"):
        lessons.read_texts(path)


def test_values_take_the_place_of_names(texts):
    texts["tour"]["right"] = "{a} and {b} and {c}"
    assert lessons.say(texts, "tour.right", {"a": 1234.5, "b": -0.0}) == "1,234.5 and 0 and {c}"


def test_texts_of_choices_are_found(texts):
    assert lessons.say(texts, "tour.file.choices.1") == texts["tour"]["file"]["choices"][1]


@pytest.mark.parametrize(("value", "text"), [(-2.0, "-2"), (0.266, "0.266"), (4552, "4,552"), ("up", "up")])
def test_facts_are_shown_short(value, text):
    assert lessons.shown(value) == text


def test_two_sentences_are_never_said(texts):
    said = json.dumps(texts).lower()
    assert not re.search(r"without explor\w+,? \w+ never|large learning rate gets lost", said)
