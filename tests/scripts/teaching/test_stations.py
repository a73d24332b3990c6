from functools import cache

import numpy as np
import pytest

from cookie_jar.scripts.common import lessons
from cookie_jar.scripts.teaching import stations as tour
from cookie_jar.scripts.teaching.quiz import ATTEMPTS

STATIONS = {station.id.removeprefix("tour."): station for station in lessons.stations()}
QUESTIONS = {question.id.removeprefix("quiz."): question for question in lessons.questions()}

# What the texts say, measured with seed 0. A change here means that a sentence may have become false.
TRUTHS = {
    "numbers": {"numbers": 400, "states": 40, "way": 1, "first": "up", "happiness": "-2.00"},
    "doing": {"name": "left", "reward": -0.01, "random": "-1.48", "optimum": "1.45"},
    "learning": {"changed": 1, "before": 0.0, "after": -0.002, "learning_rate": 0.2, "target": -0.01},
    "backwards": {
        "first": 343,
        "name": "climb",
        "second": 537,
        "steps": 2000,
        "start": "0.10",
        "percent": 100,
    },
    "memory": {"steps": 2000, "before": 100, "percent": -18},
    "forgetting": {"way": 7, "kept": 7, "percent": 100, "one": -18},
    "file": {"stored": 400, "same": 400, "further": 1000},
    "rate": {"tiny": 6, "small": 99, "middle": 100, "whole": 6, "best": 100},
    "exploration": {"always": 6, "some": 100, "none": 100, "low": 6},
    "elsewhere": {"here": 100, "there": 6, "states": 40, "others": 1615},
}
RIGHT = {
    "numbers": "The same action again and again",
    "doing": "A little unhappy",
    "learning": "One",
    "backwards": 'That of "climb", the action before it',
    "memory": "It fails",
    "forgetting": "As well as before",
    "file": "1,000 to 10,000 bytes",
    "rate": "0.05 or 0.2",
    "exploration": "Yes, completely",
    "elsewhere": "It fails",
}
SENTENCES = {  # parts of them
    "numbers": ['"up"', "happiness: -2.00."],
    "doing": ['"left" gave -0.01', "gets -1.48 ", "is 1.45."],
    "learning": ["1 number changed, from 0 to -0.002: 0 + 0.2", "(-0.01 - 0)."],
    "backwards": ['"climb", after 537 actions', "After 2,000,", "there is 0.10", "100 %"],
    "memory": ["From 100 % to -18 %"],
    "forgetting": ["only 7 numbers left: 100 %", "one of these wiped as well: -18 %"],
    "file": ["400 numbers of 8 bytes", "After 1,000 more", "in 400 of 400"],
    "rate": ["0.001: 6 %. 0.05: 99 %. 0.2: 100 %. 1: 6 %."],
    "exploration": ["Never at random: 100 %", "rarely: 100 %", "Always at random: 6 %", "-5: 6 %"],
    "elsewhere": ["6 %. ", "the 40 states of the corner", "the 1,615 states of home"],
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
        assert facts[fact] == (truth if isinstance(truth, str) else pytest.approx(truth)), fact


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


def test_good_news_begins_with_the_jar_and_goes_backwards():
    """`reach` and `climb` have the first two numbers above 0, in the steps that the station shows."""
    agent, positive = tour.Laboratory("corner").agent, []
    for step in range(1, 538):
        before = agent.q_table.copy()
        agent.learn(1)
        risen = np.argwhere((agent.q_table > 0) & (before <= 0)).tolist()
        positive += [(step, tour.label(action)) for _, action in risen]
    assert positive == [(343, "reach"), (537, "climb")]


def test_every_number_of_the_way_is_needed():
    """The station of forgetting wipes one of them; the others would do as well."""
    laboratory = tour.Laboratory("corner")
    laboratory.do([["learn", 2000], ["forget", "all but greedy way"]])
    table = laboratory.agent.q_table
    for entry in laboratory.way():
        before = table[entry]
        table[entry] = 0
        assert laboratory.percent < 0
        table[entry] = before


def test_a_learning_rate_of_1_works_without_accidents():
    laboratory = tour.Laboratory("home")
    laboratory.do([["start", "home", {"learning_rate": 1}], ["learn", 100_000], ["note", "whole", "percent"]])
    assert laboratory.facts["whole"] == 100


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_has_one_right_choice_in_each_attempt(name):
    question, texts = QUESTIONS[name], lessons.read_texts()
    drawn = name in ("update", "error")  # the others are the same for each seed
    for attempt in range(ATTEMPTS if drawn else 1):
        facts = tour.play(question, attempt)
        assert 0 <= tour.right_choice(question, facts) < len(question.choices)
        keys = [f"choices.{number}" for number in range(len(question.choices))]
        choices = [lessons.say(texts, f"quiz.{name}.{key}", facts) for key in keys]
        assert len(set(choices)) == len(choices)
        said = [lessons.say(texts, f"quiz.{name}.{phase}", facts) for phase in ("question", "see")]
        assert "{" not in "".join([*said, *choices])


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.parametrize("name", ["content", "trained", "test"])
def test_other_seeds_give_the_same_right_choice(name, attempt):
    question = QUESTIONS[name]
    expected = tour.right_choice(question, tour.play(question, 0))
    assert tour.right_choice(question, tour.play(question, attempt)) == expected


def test_the_update_of_the_quiz_follows_the_formula():
    facts = tour.play(QUESTIONS["update"], 5)
    target = facts["reward"] + facts["gamma"] * facts["best_next"]
    expected = facts["before"] + facts["learning_rate"] * (target - facts["before"])
    assert facts["after"] == pytest.approx(expected)


def test_the_seed_decides_the_numbers_of_the_quiz():
    drawn = [tour.play(QUESTIONS["update"], seed)["before"] for seed in (0, 1, 2, 1)]
    assert len(set(drawn[:3])) == 3
    assert drawn[3] == drawn[1]


def test_the_right_choice_of_the_quiz_is_not_always_the_first():
    right = {tour.right_choice(question, tour.play(question)) for question in QUESTIONS.values()}
    assert len(right) > 1


def test_the_texts_name_the_steps_of_the_comparisons():
    for name in ("rate", "exploration"):
        steps = {value for word, value, *_ in STATIONS[name].operations if word == "learn"}
        assert [f"{number:,} steps" for number in steps] == ["100,000 steps"]
        assert "100,000 steps" in lessons.read_texts()["tour"][name]["question"]


def test_a_station_without_one_right_choice_is_an_error():
    station = STATIONS["memory"]._replace(choices=[[-1000, 0], [-18, -18]])
    with pytest.raises(ValueError, match="one right choice"):
        tour.right_choice(station, facts_of("memory"))
