"""The tour on the page: the same truths as in Python, and a person who takes the tour by keyboard."""

import pytest

from cookie_jar.scripts import tour as program
from cookie_jar.scripts.common import lessons
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.teaching.quiz import ATTEMPTS
from cookie_jar.scripts.teaching.stations import Laboratory, play, right_choice

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


def facts_on(page):
    return page.evaluate("page.tour.facts")


def assert_same(found, expected):
    """Compare the facts of both forms; on the page there are more."""
    for name, value in expected.items():
        assert found[name] == (value if isinstance(value, str) else pytest.approx(value, abs=1e-12)), name


def answer(page, station, attempt=0, wrong=False):
    """Click on the right choice, or on the one after it; return the facts as Python measures them."""
    facts = play(station, attempt)
    chosen = (right_choice(station, facts) + wrong) % len(station.choices)
    page.locator("#tour-parts button").nth(chosen).click()
    page.locator("#tour-next").wait_for()
    return facts


def texts_of(station, facts):
    """Everything that is written at a station whose question was answered right."""
    choices = [f"choices.{number}" for number in range(len(station.choices))]
    before, after = ["title", "question", *choices], ["see", "why"]
    said = [lessons.say(TEXTS, f"{station.id}.{key}", facts) for key in before + after]
    return [*said[:-2], TEXTS["tour"]["right"], *said[-2:]]


@pytest.mark.parametrize("number", range(1, len(STATIONS) + 1))
def test_a_station_measures_and_says_the_same_in_both_forms(page, number):
    station = STATIONS[number - 1]
    page.evaluate(f"page.tour.show({number})")
    question = parts(page)[1]
    facts = answer(page, station)
    assert_same(facts_on(page), facts)
    laboratory = Laboratory(station.kitchen)
    laboratory.do(station.before)
    assert question == lessons.say(TEXTS, f"{station.id}.question", laboratory.facts)
    shown, expected = parts(page), texts_of(station, facts)
    assert shown[:1] + shown[2:] == expected[:1] + expected[2:]


def test_what_was_done_to_the_page_does_not_change_the_answer(page):
    page.evaluate("page.tour.show(5)")
    page.evaluate("page.edit(0, 3, -7); page.start('home', {seed: 3}, {learning_rate: 1}); page.play()")
    facts = answer(page, STATIONS[4])
    assert_same(facts_on(page), facts)


@pytest.mark.parametrize("attempt", [0, 1, ATTEMPTS - 1])
@pytest.mark.parametrize("number", range(len(QUESTIONS)))
def test_a_question_is_the_same_in_both_forms(page, number, attempt):
    page.evaluate(f"page.tour.kept.attempt = {attempt}; page.tour.show({FIRST_QUESTION + number})")
    facts = answer(page, QUESTIONS[number], attempt)
    assert_same(facts_on(page), facts)
    assert parts(page) == texts_of(QUESTIONS[number], facts)
    assert page.evaluate("page.learners[0].num_timesteps") == 0  # the panel would show the answer


def heading(page):
    return page.locator("#tour-parts h2").inner_text()


def title(station):
    return lessons.say(TEXTS, f"{station.id}.title")


def test_a_person_takes_the_tour_by_keyboard(new_page):
    page = new_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "tour-words"
    page.keyboard.type("By magic")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert heading(page) == title(STATIONS[0])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#tour-next").wait_for()
    assert page.locator("#tour-parts b").inner_text() == "Right."
    assert page.evaluate("document.activeElement.id") == "tour-next"
    page.keyboard.press("Enter")
    assert heading(page) == title(STATIONS[1])
    assert page.evaluate("page.learners[0].num_timesteps") == 0


def test_the_tour_goes_on_where_it_stopped(new_page):
    page = new_page()
    page.evaluate("page.tour.show(4)")
    page.reload()
    page.evaluate("page.ready")
    assert heading(page) == title(STATIONS[3])


ODD_PROGRESS = (
    *("no json", "null", "[3]", '{"number": 1e9, "attempt": "x", "marks": 7}', '{"number": "length"}'),
    *('{"before": {"toLocaleString": 1}}', '{"marks": {"toLocaleString": 1}}'),
)


@pytest.mark.parametrize("kept", ODD_PROGRESS)
def test_progress_of_something_else_begins_anew(new_page, kept):
    page = new_page()
    page.evaluate("kept => { localStorage.tour = kept; }", kept)
    page.reload()
    page.evaluate("page.ready")
    assert heading(page) == TEXTS["tour"]["welcome"]["title"]


def test_without_storage_the_tour_works(new_page):
    page = new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
    )
    page.reload()
    page.evaluate("page.ready")
    page.locator("#tour-next").click()
    assert heading(page) == title(STATIONS[0])


def test_the_quiz_is_passed_with_five_right_answers(new_page):
    page = new_page()
    page.locator("#tour-words").fill("By magic")
    page.evaluate(f"page.tour.show({FIRST_QUESTION})")
    for number, question in enumerate(QUESTIONS):
        answer(page, question, wrong=number < 2)
        page.locator("#tour-next").click()
    assert heading(page) == "4 of 6 right"
    page.locator("#tour-next").click()
    for number, question in enumerate(QUESTIONS):
        answer(page, question, attempt=1, wrong=number == 5)
        page.locator("#tour-next").click()
    assert heading(page).startswith("5 of 6 right")
    assert "At the start you wrote: By magic" in "".join(parts(page))
    assert page.locator("#tour-next").is_hidden()
    page.locator("#tour-words").fill("By changing numbers")
    page.reload()
    page.evaluate("page.ready")
    assert page.locator("#tour-words").input_value() == "By changing numbers"


def test_words_are_shown_as_they_were_typed(new_page):
    page = new_page()
    page.locator("#tour-words").fill("<b>{points}</b>")
    page.evaluate("for (const {id} of data.quiz) page.tour.kept.marks[id] = true;")
    page.evaluate(f"page.tour.show({FIRST_QUESTION + len(QUESTIONS)})")
    assert "At the start you wrote: <b>{points}</b>" in "".join(parts(page))


@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 900), (1280, 720)])
def test_the_kitchen_stays_in_sight(new_page, width, height):
    page = new_page(viewport={"width": width, "height": height})
    for number in (0, 4, 8):
        page.evaluate(f"page.tour.show({number})")
        for box in (page.locator(".floor svg").first.bounding_box(), page.locator("#tour h2").bounding_box()):
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= height
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_kitchen_stays_in_sight_in_large_type(new_page):
    page = new_page(viewport={"width": 1280, "height": 720})
    page.click("#projector")
    page.evaluate("page.tour.show(1)")
    page.locator("#tour-parts button").first.click()
    page.locator("#tour-next").wait_for()
    for part in (".floor svg", "#tour-next"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 721  # a part of a pixel


def test_the_tour_closes_and_opens(new_page):
    page = new_page()
    page.locator("#close-tour").click()
    assert page.locator("#tour").is_hidden()
    assert page.evaluate("document.activeElement.id") == "open-tour"
    page.keyboard.press("Enter")
    assert heading(page) == TEXTS["tour"]["welcome"]["title"]


def test_a_closed_tour_gives_the_learner_back(new_page):
    page = new_page()
    page.locator("#close-tour").click()
    page.evaluate("page.start('home', {seed: 3}); page.learn(1234)")
    page.locator("#open-tour").click()
    assert page.evaluate("page.learner.num_timesteps") == 0
    page.locator("#close-tour").click()
    assert page.evaluate("[page.kitchen.name, page.learner.num_timesteps, page.learner.settings.seed]") == [
        "home",
        1234,
        3,
    ]


def test_the_tour_begins_at_a_station(browser, tmp_path):
    path = tmp_path / "tour.html"
    words = ["--no-open", "--no-cookies", "--station", "8", "--output", str(path)]
    assert run(program.main, words) == 0
    page = browser.new_page()
    page.goto(path.as_uri())
    page.evaluate("page.ready")
    assert heading(page) == title(STATIONS[7])
    page.close()


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_no_fault_in_the_tour(new_page, colours):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = new_page(color_scheme=colours, viewport={"width": 390, "height": 844})
    for number in (0, 5, FIRST_QUESTION):
        page.evaluate(f"page.tour.show({number})")
        assert axe.Axe().run(page).response["violations"] == []
    page.locator("#tour-parts button").first.click()
    page.locator("#tour-next").wait_for()
    assert axe.Axe().run(page).response["violations"] == []
