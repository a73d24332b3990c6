"""The panel about pictures of cookies: its data, its learner in Node, and its elements in Chromium."""

import json
import re
import subprocess
from functools import cache
from typing import Any

import numpy as np
import pytest
from needs import needs_node
from page_engine import NODE

from cookie_jar.agents import SoftmaxClassifier
from cookie_jar.envs.cookies.pictures import TEST_PICTURES, draw_pictures
from cookie_jar.envs.cookies.recipe import ceiling
from cookie_jar.scripts.webpage import build, cookies

MAX_BYTES = 135_000
RATE = 0.003
LEARN = """
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const score = (looks) => [sum(looks.map(({right}) => right)), sum(looks.map(({loss}) => loss))];
  return [0, 1].map((set) => made(set, 0.003)).map((model) => [1, 1, 3, 295].map((steps) => {
    model.learn(steps);
    const scores = [0, 1, 2].map((shown) => {
      const looks = Array.from(model.kinds, (_, i) => model.look(i, shown));
      return [score(looks.slice(0, model.count)), score(looks.slice(model.count))];
    });
    return {templates: model.templates.map((template) => [...template]), scores};
  }));
"""


def in_node(body: str) -> Any:
    """Return the value of the body of a function of `cookies`, the unpacked pictures."""
    modules = "\n".join((build.HERE / name).read_text() for name in ("random.js", "learner.js", "cookies.js"))
    script = f"""
"use strict";
let rate;
globalThis.window = {{page: {{}}}};
const data = {{}}, byId = () => ({{value: rate}}), section = {{querySelectorAll: () => []}};
{modules}
Cookies.prototype.draw = () => {{}};
(async () => {{
  const made = (set, chosen) => {{
    const model = new Cookies(section, cookies);
    rate = chosen;
    model.start(set);
    return model;
  }};
  await showCookies(section, {json.dumps(cookies.cookie_data())});
  const {{cookies}} = window.page;
  process.stdout.write(JSON.stringify((() => {{ {body} }})()));
}})();
"""
    done = subprocess.run([str(NODE), "-"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@cache
def pictures():
    """The pictures [set, n, S, S, 3] and the kinds [n] as the page has them: n / 2 of each part."""
    found = in_node("return [cookies.pictures.map((set) => set.map((x) => [...x])), [...cookies.kinds]];")
    inputs = np.array(found[0])
    assert (inputs[..., -1] == 1).all()
    shades = (inputs[..., :-1] + 2) * 255 / 4
    np.testing.assert_allclose(shades, np.rint(shades), atol=1e-9)
    side = cookies.SIZE
    return np.rint(shades).astype(np.uint8).reshape(3, -1, side, side, 3), np.array(found[1])


@cache
def learned():
    return in_node(LEARN)


def test_the_data_are_small_and_name_the_ceiling():
    data = cookies.cookie_data()
    assert len(json.dumps(data)) < MAX_BYTES
    assert data["ceiling"] == pytest.approx(100 * ceiling().accuracy, abs=0.05)
    json.dumps(data, allow_nan=False)


@needs_node
@pytest.mark.parametrize(
    ("number", "options"),
    [(0, {}), (1, {"cloth_share": 0.95}), (2, {"cloth_share": 0.95, "shift": "swapped"})],
)
def test_the_sets_show_the_pictures_that_are_drawn(number, options):
    shown, kinds = pictures()
    numbers = np.concatenate([np.arange(cookies.COUNT), TEST_PICTURES[0] + np.arange(cookies.COUNT)])
    drawn = draw_pictures(numbers, size=2 * cookies.SIZE, **options)
    np.testing.assert_array_equal(kinds, drawn.kinds)
    wanted = drawn.pictures.reshape(-1, cookies.SIZE, 2, cookies.SIZE, 2, 3).mean(axis=(2, 4))
    away = np.sqrt(np.square(shown[number] - wanted).mean(axis=(1, 2, 3)))  # of 255, by picture
    assert away.mean() < 10
    assert away.max() < 25


@needs_node
def test_each_step_is_the_gradient_step_of_the_python_classifier():
    (sets, kinds), count = pictures(), cookies.COUNT
    for set_number, stages in enumerate(learned()):
        x, y = sets[set_number, :count], kinds[:count]
        model = SoftmaxClassifier(seed=0)
        model.begin(x, y)
        arrays, rng = model.arrays(), np.random.default_rng(0)
        for array in arrays.values():
            array[...] = 0
        for stage, steps in zip(stages, (1, 1, 3), strict=False):
            for _ in range(steps):
                chosen = (rng.random(cookies.BATCH) * count).astype(int)
                for name, gradient in model.gradient(x[chosen], y[chosen]).items():
                    arrays[name] -= RATE * gradient
            found = np.array(stage["templates"]).T
            np.testing.assert_allclose(found[:-1], arrays["1.weight"], rtol=1e-3, atol=1e-6)
            np.testing.assert_allclose(found[-1], arrays["1.bias"], rtol=1e-3, atol=1e-6)


@needs_node
def test_the_scores_are_those_of_the_python_classifier():
    (sets, kinds), count = pictures(), cookies.COUNT
    model = SoftmaxClassifier(seed=0)
    model.begin(sets[0, :count], kinds[:count])
    stage = learned()[0][-1]
    templates = np.array(stage["templates"]).T
    model.arrays()["1.weight"][...], model.arrays()["1.bias"][...] = templates[:-1], templates[-1]
    for set_number, of_set in enumerate(stage["scores"]):
        for test, score in enumerate(of_set):
            x, y = sets[set_number][test * count :][:count], kinds[test * count :][:count]
            assert score[0] == pytest.approx(count * model.score(x, y))
            assert score[1] == pytest.approx(count * model.loss(x, y), rel=1e-4)


@needs_node
def test_the_shortcut_looks_good_at_home_and_is_bad_elsewhere():
    honest, shortcut = (
        [100 * part[1][0] / cookies.COUNT for part in stages[-1]["scores"]] for stages in learned()
    )  # test pictures of A, B and C
    assert 55 < honest[0] < 75
    assert shortcut[1] > 90
    assert shortcut[0] < honest[0] - 5
    assert shortcut[2] < 10


@needs_node
def test_the_numbers_do_not_depend_on_how_the_steps_are_divided():
    found = in_node("""
      return [[40], [13, 27], [41]].map((parts) => {
        const model = made(0, 0.01);
        for (const steps of parts) model.learn(steps);
        return model.templates.map((template) => [...template]);
      });
    """)
    assert found[0] == found[1]
    assert found[0] != found[2]


@needs_node
def test_a_huge_learning_rate_keeps_all_numbers_finite():
    found = in_node("""
      const model = made(0, 1e3);
      model.learn(50);
      return Array.from(model.kinds, (_, i) => model.look(i).loss);
    """)
    assert all(isinstance(loss, (int, float)) for loss in found)  # no NaN, which JSON does not know
    assert max(found) > 5


@pytest.fixture
def panel(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    page.locator("#cookies").wait_for()
    return page


def rows(page: Any) -> dict[str, list[str]]:
    """The visible rows of the table of scores by their heading."""
    found = page.locator("#cookies-scores tbody tr:visible").all()
    return {
        heading: values for heading, *values in (row.locator("th, td").all_inner_texts() for row in found)
    }


def test_the_panel_learns_one_wrong_picture_and_finds_the_shortcut(panel):
    assert panel.evaluate("document.documentElement.scrollWidth") <= 390
    section = panel.locator("#cookies")
    empty = rows(panel)
    assert list(empty)[:2] == ["300 training pictures, set A", "300 test pictures, set A"]
    assert list(empty.values())[2:] == [["96.9 %", ""]]
    panel.get_by_role("button", name="100 steps").press("Enter")
    after = rows(panel)
    assert float(after["300 training pictures, set A"][0].split()[0]) > 60
    assert re.fullmatch(r"\d\d\.\d ± \d\.\d %", after["300 test pictures, set A"][0].strip())
    assert "After 100 steps" in section.inner_text()

    panel.get_by_role("button", name="Learn from this picture").click()
    before, now = re.search(
        r"([\d.]+) → ([\d.]+)", panel.locator("#cookies-wrong-words").inner_text()
    ).groups()
    assert float(now) < float(before)

    panel.locator("#cookies-set-1").check()
    assert "300 training pictures, set B" in rows(panel)
    assert "300 test pictures, set B" not in rows(panel)  # until it has been predicted
    panel.get_by_role("button", name="Now look").first.click()
    assert "300 test pictures, set B" in rows(panel)
    assert panel.locator("#cookies-set-1").is_checked()
    assert "300 test pictures, set C" not in rows(panel)
    panel.get_by_role("button", name="Now look").last.click()
    found = {name: float(values[0].split()[0]) for name, values in rows(panel).items()}
    assert found["300 test pictures, set B"] > 90
    assert found["300 test pictures, set C"] < 10
    assert "{" not in section.inner_text()


def test_learning_can_be_paused_and_forgotten(panel):
    panel.get_by_role("button", name="Learn", exact=True).click()
    panel.locator("#cookies caption", has_text=re.compile("After [1-9]")).wait_for()
    panel.locator("#cookies").get_by_role("button", name="Learn", exact=True).click()
    steps = panel.evaluate("page.cookies.steps")
    panel.wait_for_timeout(100)
    assert panel.evaluate("page.cookies.steps") == steps
    panel.locator("#cookies").get_by_role("button", name="Forget all").click()
    assert panel.evaluate("page.cookies.steps") == 0


def test_every_picture_has_a_name_for_screen_readers(panel):
    canvases = panel.locator("#cookies canvas")
    assert canvases.count() == 10
    assert panel.locator("#cookies").get_by_role("img").count() == 10
    for name in ("Template plain", "Training pictures raisin", "Template moves by chocolate chip"):
        assert panel.locator("#cookies").get_by_role("img", name=name, exact=True).count() == 1


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_axe_finds_no_fault_in_the_panel(open_page, colours):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    page = open_page(color_scheme=colours, viewport={"width": 1280, "height": 800})
    page.locator("#cookies").wait_for()
    page.evaluate("page.cookies.reveal(2)")
    results = axe.Axe().run(page, "#cookies")
    assert results.violations_count == 0, results.generate_report()


def test_a_panel_that_was_used_is_printed_on_the_second_page(panel):
    def pages() -> int:
        paper = panel.pdf(prefer_css_page_size=True, print_background=True)
        return len(re.findall(rb"/Type\s*/Page\b", paper))

    panel.emulate_media(media="print")
    assert panel.locator("#cookies").is_hidden()
    assert pages() == 2
    panel.evaluate("page.cookies.reveal(2)")
    assert panel.locator("#cookies").is_visible()
    assert pages() == 2
