from functools import cache

import numpy as np
import pytest

from cookie_jar.scripts.common import lessons
from cookie_jar.scripts.teaching import stations as tour
from cookie_jar.scripts.teaching.quiz import seed_of

STATIONS = {station.id: station for station in lessons.stations()}
QUESTIONS = {question.id: question for question in lessons.questions()}

# What the texts say, measured with seed 0. A change here means that a sentence may have become false.
TRUTHS = {
    "numbers": {"numbers": 400, "states": 40, "different": 1, "action": "up", "happiness": -2.0},
    "doing": {"action": "left", "reward": -0.01, "random": -1.48, "optimum": 1.45},
    "learning": {"changed": 1, "before": 0.0, "after": -0.002, "learning_rate": 0.2, "target": -0.01},
    "backwards": {
        "first": 343, "times": [1661, 1469, 937, 577, 537, 343, 556], "way": 7, "last": 1, "steps": 2000,
        "percent": 100,
    },
    "memory": {"before": 100, "percent": -18},
    "forgetting": {"way": 7, "forgotten": 393, "percent": 100, "one": 0},
    "file": {"number_bytes": 3200, "stored": 400, "same": 400, "further": 1000},
    "rate": {"tiny": 6, "small": 99, "middle": 100, "whole": 6, "best": 2},
    "exploration": {"always": 6, "some": 100, "none": 100, "low": 6},
    "elsewhere": {"here": 100, "there": 6, "known": 40, "there_states": 1615},
}  # fmt: skip
RIGHT = {
    "numbers": "The same action again and again",
    "doing": "A little unhappy",
    "learning": "One",
    "backwards": "That of the first action of the way",
    "memory": "It fails",
    "forgetting": "As well as before",
    "file": "1,000 to 10,000 bytes",
    "rate": "0.05 or 0.2",
    "exploration": "Yes, completely",
    "elsewhere": "It fails",
}
SENTENCES = {  # parts of them
    "numbers": ['"up"', "happiness: -2."],
    "doing": ["gave -0.01", "gets -1.48 ", "is 1.45."],
    "learning": ["1 number changed, from 0 to -0.002: 0 + 0.2", "(-0.01 - 0)."],
    "backwards": ["7 actions", "1,661 · 1,469 · 937 · 577 · 537 · 343 · 556", "100 %"],
    "memory": ["From 100 % to -18 %"],
    "forgetting": ["393 numbers wiped: 100 %", "7 wiped as well, at most 0 %"],
    "file": ["3,200 are the 400 numbers", "in 400 of 400"],
    "rate": ["0.001: 6 %. 0.05: 99 %. 0.2: 100 %. 1: 6 %."],
    "exploration": ["Never at random: 100 %", "rarely: 100 %", "Always at random: 6 %", "-5: 6 %"],
    "elsewhere": ["6 %. Home has 1,615 situations", "for 40 of them"],
}


@cache
def facts_of(name):
    return tour.play(STATIONS[name])


def test_there_are_ten_stations_and_six_questions():
    assert (len(STATIONS), len(QUESTIONS)) == (10, 6)


@pytest.mark.parametrize("name", STATIONS)
def test_the_truths_of_a_station_are_as_its_texts_say(name):
    facts = facts_of(name)
    for fact, truth in TRUTHS[name].items():
        assert facts[fact] == pytest.approx(truth), fact


@pytest.mark.parametrize("name", STATIONS)
def test_the_right_choice_is_computed(name):
    choices = lessons.read_texts()["tour"][name]["choices"]
    assert choices[tour.right_choice(STATIONS[name], facts_of(name))] == RIGHT[name]


@pytest.mark.parametrize("name", STATIONS)
def test_the_sentences_contain_the_truths(name):
    text = lessons.say(lessons.read_texts(), f"tour.{name}.see", facts_of(name))
    assert "{" not in text
    for part in SENTENCES[name]:
        assert part in text


def test_a_file_is_a_little_larger_than_its_numbers():
    assert 4_000 < facts_of("file")["bytes"] < 5_000


def test_the_jar_is_the_first_good_news():
    laboratory = tour.Laboratory("corner")
    laboratory.do(STATIONS["backwards"].before)
    (entry,) = np.argwhere(laboratory.agent.q_table > 0)
    assert tour.actions()[entry[1]] == "reach"


def test_a_learning_rate_of_1_works_without_accidents():
    laboratory = tour.Laboratory("home")
    laboratory.do([["compare", 100_000, {"whole": {"learning_rate": 1}}]])
    assert laboratory.facts["whole"] == 100


@pytest.mark.parametrize("attempt", range(5))
@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_has_one_right_choice(name, attempt):
    question = QUESTIONS[name]
    facts = tour.play(question, seed_of(attempt, 1))
    right = tour.right_choice(question, facts)
    texts = lessons.read_texts()
    shown = [lessons.say(texts, f"quiz.{name}.choices.{n}", facts) for n in range(len(question.choices))]
    assert len(set(shown)) == len(shown)
    assert "{" not in "".join(
        [*shown, *(lessons.say(texts, f"quiz.{name}.{k}", facts) for k in ("question", "see"))]
    )
    assert shown[right]


def test_the_update_of_the_quiz_is_that_of_the_agent():
    for seed in range(20):
        facts = tour.play(QUESTIONS["after"], seed)
        target = facts["reward"] + facts["gamma"] * facts["next"]
        expected = facts["number"] + facts["rate"] * (target - facts["number"])
        assert facts["after"] == pytest.approx(expected)


def test_a_seed_decides_the_numbers_of_the_quiz():
    drawn = [
        tuple(tour.play(QUESTIONS["after"], seed)[name] for name in ("rate", "number", "next"))
        for seed in range(9)
    ]
    assert drawn[3] == tuple(tour.play(QUESTIONS["after"], 3)[name] for name in ("rate", "number", "next"))
    assert len(set(drawn)) > 3


def test_choices_are_shuffled_by_the_seed():
    assert sorted(tour.order(4, 0)) == [0, 1, 2, 3]
    assert tour.order(4, 0) == tour.order(4, 0)
    assert len({tuple(tour.order(4, seed)) for seed in range(10)}) > 3


def test_a_station_without_one_right_choice_is_an_error():
    station = STATIONS["memory"]._replace(choices=[[-1000, 0], -18])
    with pytest.raises(ValueError, match="one right choice"):
        tour.right_choice(station, facts_of("memory"))
