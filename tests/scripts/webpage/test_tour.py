"""The tour on the page: the same truths as in Python, and a person who takes the tour by keyboard."""

import pytest

from cookie_jar.scripts import tour as program
from cookie_jar.scripts.common import lessons
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.teaching.quiz import ATTEMPTS
from cookie_jar.scripts.teaching.stations import order, play, right_choice

STATIONS, QUESTIONS = lessons.stations(), lessons.questions()
TEXTS = lessons.read_texts()
FIRST_QUESTION = len(STATIONS) + 1  # the number of the stage: the welcome has 0


@pytest.fixture(scope="session")
def tour_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("tour") / "tour.html"
    assert run(program.main, ["--no-open", "--no-cookies", "--output", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def new_page(browser, tour_file):
    """A function that opens the tour in a browser that has no progress."""
    contexts, messages = [], []

    def open_one(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        shown = context.new_page()
        shown.on("console", lambda message: messages.append(message.text))
        shown.on("pageerror", lambda error: messages.append(str(error)))
        shown.goto(tour_file.as_uri())
        shown.evaluate("page.ready")
        return shown

    yield open_one
    for context in contexts:
        context.close()
    assert messages == []


@pytest.fixture(scope="module")
def page(new_page):
    """A page for all stations, which each start anew."""
    return new_page(viewport={"width": 1280, "height": 800})


def parts(page):
    return page.locator("#tour-parts > *").all_inner_texts()


def choose(page, text):
    page.locator("#tour-parts button").get_by_text(text, exact=True).click()


def facts_on(page):
    return page.evaluate("page.tour.facts")


def assert_same(found, expected):
    """Compare the facts of both forms; on the page there are more."""
    for name, value in expected.items():
        assert found[name] == (value if isinstance(value, str) else pytest.approx(value, abs=1e-12)), name


@pytest.mark.parametrize("number", range(1, len(STATIONS) + 1))
def test_a_station_measures_and_says_the_same_in_both_forms(page, number):
    station = STATIONS[number - 1]
    facts = play(station)
    right = TEXTS["tour"][station.id]["choices"][right_choice(station, facts)]
    page.evaluate(f"page.tour.show({number})")
    choose(page, lessons.say({"text": right}, "text", facts))
    assert_same(facts_on(page), facts)
    said = [lessons.say(TEXTS, f"tour.{station.id}.{phase}", facts) for phase in ("see", "why")]
    assert parts(page)[-4:] == ["Right.", *said, "Next"]


@pytest.mark.parametrize("attempt", [0, 1, ATTEMPTS - 1])
@pytest.mark.parametrize("number", range(1, len(QUESTIONS) + 1))
def test_a_question_is_the_same_in_both_forms(page, number, attempt):
    question = QUESTIONS[number - 1]
    facts, key = play(question, attempt), f"quiz.{question.id}"
    choices = [lessons.say(TEXTS, f"{key}.choices.{choice}", facts) for choice in order(question, number)]
    page.evaluate(f"page.tour.kept.attempt = {attempt}; page.tour.show({FIRST_QUESTION - 1 + number})")
    assert_same(facts_on(page), facts)
    assert page.locator("#tour-parts button").all_inner_texts() == choices
    assert lessons.say(TEXTS, f"{key}.question", facts) in parts(page)
    page.locator("#tour-parts button").nth(
        order(question, number).index(right_choice(question, facts))
    ).click()
    assert parts(page)[-3:] == ["Right.", lessons.say(TEXTS, f"{key}.see", facts), "Next"]
