"""The engine in browsers, on a page that is opened as a file: the same bits as Python's."""

import json
import re
import shutil
import subprocess
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from page_engine import KINDS, LEARNED, OWN, check_same, in_page, made, program

from cookie_jar.scripts.webpage import build

FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
SECONDS = 300  # after which a browser is given up
CASES = [(*names, {"seed": seed}) for *names, seed in product(OWN, KINDS, range(3))]
FILES = """
  return given.files.map(file => {
    const learner = openMemory(fromBase64(file), kitchens), again = toBase64(saveMemory(learner));
    learner.learn(500);
    return [again === file, toBase64(saveMemory(learner))];
  });
"""


def agents_in_midst() -> list[Any]:
    agents = [made(*names, seed=1) for names in product(OWN, KINDS)]
    for agent in agents:
        agent.learn_steps(1111)
    return agents


def in_base64(agent: Any, folder: Path) -> str:
    return b64encode(agent.save(folder / "memory").read_bytes()).decode()


def check_files(files: list[str], agents: list[Any], answers: Any, folder: Path) -> None:
    assert len(files) == len(answers)
    for agent, (is_same, later) in zip(agents, answers, strict=True):
        agent.learn_steps(500)
        assert is_same
        assert later == in_base64(agent, folder)


def test_every_name_of_the_scripts_is_given_once():
    """They share one scope, in which a second function silently replaces the first."""
    scripts = "\n".join(path.read_text() for path in build.HERE.glob("*.js"))
    names = Counter(re.findall(r"^(?:async )?(?:function|class|const|let) (\w+)", scripts, re.MULTILINE))
    assert [name for name, count in names.items() if count > 1] == []


def test_chromium_learns_and_saves_as_python_does(open_page, tmp_path):
    window, agents = open_page("--no-cookies"), agents_in_midst()
    check_same(CASES[::4], [3000], in_page(window, LEARNED, cases=CASES[::4], parts=[3000]))
    files = [in_base64(agent, tmp_path) for agent in agents]
    check_files(files, agents, in_page(window, FILES, files=files), tmp_path)


@pytest.mark.slow
def test_a_million_steps_in_chromium_equal_those_of_python(open_page):
    parts = [1_000_000]
    check_same(CASES, parts, in_page(open_page("--no-cookies"), LEARNED, cases=CASES, parts=parts))


class Answers(HTTPServer):
    """A server on this machine that takes one answer, from the page in a browser."""

    answer = ""
    timeout = SECONDS


class Take(BaseHTTPRequestHandler):
    server: Answers

    def do_POST(self) -> None:
        self.server.answer = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Keep quiet."""


@contextmanager
def firefox(page: Path, folder: Path) -> Iterator[None]:
    """Firefox without a display, with a new profile."""
    profile = folder / "profile"
    profile.mkdir()
    command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(profile), page.as_uri()]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"}, **quiet)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def in_firefox(folder: Path, body: str, **given: Any) -> Any:
    """Return what the body of an async function returns in Firefox, on a page that is opened as a file."""
    with Answers(("127.0.0.1", 0), Take) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        send = f'const done = body => fetch("{address}", {{method: "POST", mode: "no-cors", body}});'
        page = folder / "page.html"
        script = program(f"try {{ {body} }} catch (error) {{ return String(error); }}", **given)
        page.write_text(f'<!doctype html><meta charset="utf-8"><script>{send}{script}</script>')
        with firefox(page, folder):
            server.handle_request()
        assert server.answer, "no answer"
        return json.loads(server.answer)


@pytest.mark.slow
@pytest.mark.skipif(FIREFOX is None, reason="needs Firefox (firefox-esr)")
def test_firefox_learns_and_saves_as_python_does(tmp_path):
    agents, parts = agents_in_midst(), [100_000]
    files = [in_base64(agent, tmp_path) for agent in agents]
    body = f"return [(() => {{ {LEARNED} }})(), (() => {{ {FILES} }})()];"
    learned, opened = in_firefox(tmp_path, body, cases=CASES, parts=parts, files=files)
    check_same(CASES, parts, learned)
    check_files(files, agents, opened, tmp_path)
