import json
import re

import pytest
from before import BEFORE
from trials import record

from cookie_jar.scripts.comparison.aggregate import summarize
from cookie_jar.scripts.comparison.conclusion import conclusions
from cookie_jar.scripts.comparison.report import write_report
from cookie_jar.scripts.comparison.store import read_folder

KEPT = BEFORE / "comparison"
KINDS = ("steps", "seconds", "results", "improvement")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    write_report(folder, summarize(read_folder(KEPT)), "cookie-jar compare --env '<E>'", [KEPT])
    return folder


@pytest.fixture(scope="module")
def page(folder):
    return (folder / "index.html").read_text()


def test_the_page_needs_no_other_file(page):
    assert len(page) < 5_000_000
    links = set(re.findall(r"https?://[^\s\"'<>]+", page))
    assert links <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}  # names, never fetched
    assert not re.search(r"@import|<link rel=\"stylesheet|<script src", page)
    assert "addPlayer" in page
    assert "border-collapse" in page


def test_the_page_has_tables_figures_settings_and_the_command(page):
    for label in ("random", "Q-learning", "PPO", "SB3 PPO", "optimum"):
        assert f'<td class="words">{label}</td>' in page
    assert page.count("<figure>") == 4
    assert "&#x27;&lt;E&gt;&#x27;" in page
    assert "&quot;env_kwargs&quot;" in page
    assert "Python 3" in page
    assert not re.search(r"\$(css|script|sections|data|settings|made_with|command|date)\b", page)


def test_each_figure_has_ids_of_its_own(page):
    figures = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    names = [f"{kind}-{size}" if size else kind for kind in KINDS for size in ("", "phone")]
    for name, figure in zip(names, figures, strict=True):
        ids = set(re.findall(r'\bid="([^"]+)"', figure))
        assert {one.startswith(f"CookieJarCorner-v0-{name}-") for one in ids} == {True}
        assert set(re.findall(r"url\(#([^)]+)\)", figure)) <= ids
    every = [one for figure in figures for one in set(re.findall(r'\bid="([^"]+)"', figure))]
    assert len(every) == len(set(every))


def test_the_page_begins_with_the_conclusion_and_explains_its_words(page):
    [body] = re.findall(r"<body>(.*?)<section>", page, re.DOTALL)
    [sentence] = re.findall(r'<p class="conclusion">(.*?)</p>', body)
    assert sentence == conclusions(summarize(read_folder(KEPT)))[0]
    explained = re.findall("<dt>(.*?)</dt>", body)
    heads = set(re.findall("<th>(.*?)</th>", page)) - {"steps to 99&nbsp;%", "seconds to 99&nbsp;%"}
    assert heads <= set(explained)
    assert {"agent", "step", "return", "seed", "greedy policy", "interquartile mean"} <= set(explained)


def test_each_cell_knows_its_column_for_small_screens(page):
    cells = re.findall(r'<td(?! class="words">)[^>]*>', page.partition('<details id="settings">')[0])
    assert len(cells) > 20
    assert all("data-name=" in cell for cell in cells)


def test_columns_without_numbers_are_left_out(tmp_path):
    write_report(tmp_path, summarize([record([0, 5], s, optimum=None) for s in range(2)]), "c", [tmp_path])
    page = (tmp_path / "index.html").read_text()
    assert "<th>final score</th>" in page
    assert "<th>regret</th>" not in page


def test_figures_are_files_as_well(folder):
    names = {path.name for path in (folder / "figures").iterdir()}
    assert names == {f"CookieJarCorner-v0-{kind}{suffix}" for kind in KINDS for suffix in (".png", ".svg")}


def test_each_saved_agent_of_the_first_seed_is_replayed(page):
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])
    shown = {(replay["label"], replay["steps"]) for replay in data["replays"]}
    assert {("Q-learning", 0), ("Q-learning", 2_000), ("SB3 PPO", 0)} <= shown
    used = {picture for replay in data["replays"] for picture, _ in replay["frames"]}
    assert used == set(range(len(data["pictures"])))
    assert all(picture.startswith("data:image/webp;base64,") for picture in data["pictures"])


def test_several_environments_get_a_table_of_their_own(tmp_path):
    here = [record([0, 50, 90], seed) for seed in range(2)]
    there = [r._replace(trial=r.trial._replace(env_id="There/x-v0")) for r in here]
    write_report(tmp_path, summarize([*here, *there]), "command", [tmp_path])
    page = (tmp_path / "index.html").read_text()
    assert "<h2>All environments</h2>" in page
    assert (tmp_path / "figures" / "There-x-v0-steps.svg").exists()


def test_the_page_in_a_browser(folder, browser):
    """All replays play together, by button and by key; the console stays empty, the network is not asked."""
    messages, requests = [], []
    page = browser.new_page()
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    page.goto((folder / "index.html").as_uri())
    assert page.inner_text(".replay .sentence") == "start"
    page.click("#play")
    page.wait_for_function("document.querySelector('#time').value > 1")
    sentences = page.locator(".replay .sentence").all_inner_texts()
    assert len(sentences) > 1
    assert "start" not in sentences
    page.click("#play")
    assert page.inner_text("#play") == "Play all"
    page.locator("h1").click()
    page.keyboard.press("ArrowLeft")
    before = page.input_value("#time")
    page.keyboard.press(" ")
    page.wait_for_function(f"document.querySelector('#time').value > {before}")
    page.keyboard.press("r")
    page.wait_for_function("document.querySelector('#time').value < 2")
    page.keyboard.press(" ")
    page.select_option(".replay select", "0")
    assert page.inner_text(".replay h3 b") == "-17.9 %"
    for width in (500, 390):  # nothing is wider than the screen
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
    assert messages == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
