"""The file of the page: small, the same for the same content, closed to injected text, and silent."""

import json
import re
import time
import zlib
from base64 import b64decode, b64encode
from hashlib import sha256

import pytest

from cookie_jar.scripts.common.lessons import read_texts
from cookie_jar.scripts.webpage.build import make_page, page_data, script_json
from cookie_jar.scripts.webpage.content import make_content

SMALL, LARGE = 110_000, 250_000  # bytes without and with the cookies
USABLE = 500  # ms; measured and printed, not asserted


def data_of(page):
    return json.loads(re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1])


def unpacked(text):
    return json.loads(zlib.decompress(b64decode(text)))


@pytest.mark.parametrize(("cookies", "most"), [(False, SMALL), (True, LARGE)])
def test_the_page_is_small_and_always_the_same(cookies, most):
    page = make_page(make_content(cookies=cookies))
    assert len(page.encode()) <= most
    assert page == make_page(make_content(cookies=cookies))
    assert ("function showCookies" in page) == cookies
    packed = unpacked(data_of(page)["packed"])
    assert ('id="cookies"' in packed["main"]) == ("cookies" in packed["texts"]) == cookies


def test_nothing_of_the_template_is_left():
    page = make_page(make_content(cookies=False))
    assert re.findall("@[A-Z]+@", page) == []
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert page.count("<script") == 2
    assert re.findall(r'(?:src|href)="(?!data:|#)[^"]*"', page) == []


def test_the_packed_data_has_what_the_script_needs():
    data = page_data(make_content(cookies=False))
    packed = unpacked(data["packed"])
    assert packed["texts"] == {name: texts for name, texts in read_texts().items() if name != "cookies"}
    assert set(packed) >= {"sprites", "places", "colours", "rooms", "actions", "events", "stations", "quiz"}
    assert {kitchen["room"] for kitchen in packed["kitchens"].values()} == set(packed["rooms"])
    assert data["start"] == {"kitchen": "home", "algorithm": "q-learning", "seed": 0}


def test_texts_cannot_end_the_script():
    evil = "</script><!-- @SCRIPT@ <script>alert(1)</script>"
    assert json.loads(script_json([evil])) == [evil]
    assert "<" not in script_json([evil])
    content = make_content(cookies=False, kitchen="home", note=evil)
    page = make_page(content)
    assert page.count("<script") == 2
    assert data_of(page)["start"]["note"] == evil


def test_a_title_is_escaped():
    content = make_content(cookies=False)
    texts = content.texts | {"page": content.texts["page"] | {"title": "<b> & </title>"}}
    page = make_page(content._replace(texts=texts, language='"><b>'))
    assert "<title>&lt;b&gt; &amp; &lt;/title&gt;</title>" in page
    assert '<html lang="&quot;&gt;&lt;b&gt;">' in page


def test_the_policy_allows_the_script_of_the_page_alone():
    page = make_page(make_content(cookies=False))
    script = re.search("<script>(.*)</script>", page, re.DOTALL)[1]
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; script-src 'sha256-{digest}'" in page


def test_the_page_in_a_browser_is_silent_and_soon_usable(browser, write_page):
    """No request, no message, no foreign script: `open_page` checks the first two again in every test."""
    messages, requests = [], []
    page = browser.new_page()
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requests.append(request.url))
    path = write_page()
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.evaluate("page.ready")
    page.click("#step")
    print(f"usable after {1000 * (time.perf_counter() - start):.0f} ms (at most {USABLE} on an idle machine)")
    assert page.evaluate("page.learners[0].num_timesteps") == 1
    assert (messages, requests) == ([], [path.as_uri()])
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'stolen = 1'}))"
    )
    assert page.evaluate("typeof stolen") == "undefined"
    page.close()


def bracketed(value):
    """The texts of a language in which every text is in brackets, and letters have accents."""
    if isinstance(value, dict):
        return {key: bracketed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [bracketed(item) for item in value]
    accents = str.maketrans("aeiounAEIOUN", "àéîöüñÀÉÎÖÜÑ")
    parts = re.split(r"(\{\w+\})", value)
    return "⟦" + "".join(part if part.startswith("{") else part.translate(accents) for part in parts) + "⟧"


OUTSIDE = """() => {
  const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const names = ["aria-label", "title", "placeholder", "alt"];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!["SCRIPT", "STYLE"].includes(node.parentElement.tagName)) found.push(node.textContent);
  }
  for (const element of document.querySelectorAll("*"))
    for (const name of names) if (element.hasAttribute(name)) found.push(element.getAttribute(name));
  return [document.title, ...found];
}"""


def without_brackets(text):
    """The text outside of all brackets; brackets may be nested."""
    while (shorter := re.sub("⟦[^⟦⟧]*⟧", "", text)) != text:
        text = shorter
    return text


def test_every_word_comes_from_the_texts(open_page, tmp_path):
    """In a language made up, no letter stands outside of the brackets of its texts."""
    (tmp_path / "qps.json").write_text(json.dumps(bracketed(read_texts())), encoding="utf-8")
    page = open_page("--texts", tmp_path / "qps.json")
    assert page.evaluate("document.documentElement.lang") == "qps"
    shown = []
    for action in ("page.step()", "page.learn(2000)", "page.step(1)", "page.goTo(500)", "page.openTour()"):
        page.evaluate(f"{action}; page.draw()")
        shown += page.evaluate(OUTSIDE)
    page.evaluate("page.start('corner', {}, {algorithm: 'sarsa'}); page.learn(10); page.draw()")
    shown += page.evaluate(OUTSIDE)
    outside = {text for text in shown if re.search(r"[^\W\d_]", without_brackets(text))}
    assert outside == set()
