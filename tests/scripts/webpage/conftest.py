"""The page in Chromium, opened from its file as a user does, and watched: no request, no error."""

import pytest

from cookie_jar.scripts import page as program
from cookie_jar.scripts.common.console import run


@pytest.fixture(scope="session")
def write_page(tmp_path_factory):
    """A function from options of `page` to the file that it writes; each page is written once."""
    folder, written = tmp_path_factory.mktemp("pages"), {}

    def write(*words):
        if words not in written:
            path = folder / f"{len(written)}.html"
            assert run(program.main, [*map(str, words), "--no-open", "--output", str(path)]) == 0
            written[words] = path
        return written[words]

    return write


@pytest.fixture
def open_page(browser, write_page):
    """A function that opens a page in a new window and waits until `window.page` is ready.

    Its arguments are options of `page`; `window` are options of playwright's `new_page`, and `at` is the end
    of the address. When the test ends, no message was on the console, and nothing was requested.
    """
    opened, messages, requests = [], [], []

    def open_one(*words, at="", **window):
        shown = browser.new_page(**window)
        opened.append(shown)
        shown.on("console", lambda message: messages.append(message.text))
        shown.on("pageerror", lambda error: messages.append(str(error)))
        shown.on("request", lambda request: requests.append(request.url))
        shown.goto(write_page(*words).as_uri() + at)
        shown.evaluate("page.ready")
        return shown

    yield open_one
    for shown in opened:
        shown.close()
    assert messages == []
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
