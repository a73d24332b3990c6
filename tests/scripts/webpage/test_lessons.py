"""What the lessons say about the page is what the page shows, and the worksheet prints on two sheets."""

import re

from pages import ROOT
from waiting import wait_in_page

TEACHING = ROOT / "docs" / "teaching"


def score(page, *calls):
    return round(
        page.evaluate(f"{'; '.join(f'page.{call}' for call in calls)}; score(page.learner).percent"), 1
    )


def test_the_lesson_of_45_minutes(open_page):
    page = open_page("--kitchen", "corner")
    assert score(page, "learn(0)") == -17.9
    assert [score(page, "learn(1)", "learn(0)") for _ in range(3)] == [-17.9] * 3
    assert page.evaluate("[...page.learners[0].table].filter((value) => value !== 0).length") == 2
    assert score(page, "learn(1997)") == 100
    assert page.evaluate("saveMemory(page.learners[0]).length") == 4552
    assert score(page, "edit(0, 3, -5)") == -17.9
    assert score(page, "goTo(1999)") == 100
    assert score(page, "forget(1)") == -17.9
    home = ["start('home')", "set('exploration', 0)"]
    assert score(page, *home, "learn(24000)") == 5.6
    assert score(page, "learn(500)") == 100
    assert score(page, "start('home')", "set('exploration', 1)", "learn(100000)") == 5.6
    assert score(page, "start('home')", "set('act', 0)", "learn(150000)") == 21


def test_the_cookies_of_the_lesson_of_90_minutes(open_page):
    page = open_page()
    wait_in_page(page, "page.cookies")

    def shown(pictures):
        rows = page.locator("#cookies tr", has_text=pictures)
        return next(row.split("\t")[1] for row in rows.all_inner_texts())

    page.evaluate("page.cookies.learn(300)")
    own = [shown("300 training pictures, set A"), shown("300 test pictures, set A")]
    page.evaluate("page.cookies.reveal(2)")
    other = [shown("300 training pictures, set B")]
    other += [shown(f"300 test pictures, set {name}") for name in "BAC"]
    text = (TEACHING / "lesson-90.md").read_text(encoding="utf-8")
    assert f"| set A | {' | '.join(own)} |" in text
    assert f"| set B | {' | '.join(other)} |" in text


def test_the_worksheet_prints_on_two_pages(browser):
    page = browser.new_page()
    page.goto((TEACHING / "worksheet.html").as_uri())
    printed = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
