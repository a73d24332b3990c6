import json
import re
import shutil

import pytest
from before import BEFORE
from trials import record

from cookie_jar.scripts.comparison.aggregate import summarize
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
    for kind, figure in zip(KINDS, re.findall(r"<svg.*?</svg>", page, re.DOTALL), strict=True):
        ids = set(re.findall(r'\bid="([^"]+)"', figure))
        assert {name.startswith(f"CookieJarCorner-v0-{kind}-") for name in ids} == {True}
        assert set(re.findall(r"url\(#([^)]+)\)", figure)) <= ids


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


def test_the_page_in_a_browser(folder):
    """A replay is clicked; the console stays empty; nothing is asked of the network."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    messages, requests = [], []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto((folder / "index.html").as_uri())
        page.click(".replay button")
        page.wait_for_function("document.querySelector('.replay input').value > 1")
        assert "happiness" in page.inner_text(".replay p")
        page.select_option(".replay select", "0")
        assert page.inner_text(".replay p") == "start"
        browser.close()
    assert messages == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []
