"""The page in a cell of a notebook."""

from html import escape
from pathlib import Path
from typing import Any

from cookie_jar.agents import Agent, AgentError
from cookie_jar.agents.errors import shown
from cookie_jar.agents.hyperparameters import Flag, OneOf, Whole
from cookie_jar.scripts.common.lessons import OWN
from cookie_jar.scripts.webpage.build import make_page
from cookie_jar.scripts.webpage.content import ALGORITHM, FIRST, MOST_SEED, make_content
from cookie_jar.scripts.webpage.runs import GOES_ON, show_agent, show_run

HEIGHT, MAX_HEIGHT = 900, 10_000  # pixels of the frame


class PageInNotebook:
    """A page; a notebook shows it in a frame when it is the last value of a cell.

    Attributes:
        html: The page as a document.
        height: The height of the frame in pixels.
    """

    def __init__(self, html: str, height: int = HEIGHT) -> None:
        self.html, self.height = html, height

    def __repr__(self) -> str:
        return f"PageInNotebook({len(self.html):,} characters)"

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own, for Jupyter."""
        style = f"width: 100%; height: {self.height}px; border: 0"
        return f'<iframe title="Cookie Jar" style="{style}" srcdoc="{escape(self.html)}"></iframe>'


def show_page(
    run_or_agent: Agent | str | Path | None = None,
    *,
    kitchen: str = FIRST,
    algorithm: str = ALGORITHM,
    seed: int = 0,
    cookies: bool = False,
    height: int = HEIGHT,
) -> PageInNotebook:
    """Return the page, as `cookie-jar page` writes it, for a cell of a notebook.

        show_page()  # a new learner, which knows nothing
        show_page("runs/x")  # a finished run with its snapshots
        show_page(agent)  # an agent as it is now

    Args:
        run_or_agent: The folder of a run, "FOLDER@STEPS" for one snapshot, an agent, or None. The next three
            arguments are for None alone.
        kitchen: The kitchen of a new learner: "corner", "home" or "clumsy".
        algorithm: The algorithm of a new learner: "q-learning", "sarsa" or "expected-sarsa".
        seed: The seed of a new learner.
        cookies: Whether the page has the section about pictures of cookies.
        height: The height of the frame in pixels.

    Raises:
        AgentError: If there is no such run, or an argument is not as described.
        UsageError: If the run is not in one kitchen of Cookie Jar.
    """
    start: dict[str, Any] = {
        "kitchen": OneOf(tuple(OWN))("kitchen", kitchen),
        "algorithm": OneOf(tuple(GOES_ON.values()))("algorithm", algorithm),
        "seed": Whole(0, MOST_SEED)("seed", seed),
    }
    if run_or_agent is not None and start != {"kitchen": FIRST, "algorithm": ALGORITHM, "seed": 0}:
        raise AgentError("expected no kitchen, algorithm or seed with a run or an agent, which has its own")
    cookies, height = Flag()("cookies", cookies), Whole(1, MAX_HEIGHT)("height", height)
    match run_or_agent:
        case None:
            content = make_content(cookies=cookies, **start)
        case Agent():
            content = make_content(shown=show_agent(run_or_agent), cookies=cookies)
        case str() | Path():
            content = make_content(shown=show_run(str(run_or_agent)), cookies=cookies)
        case _:
            raise AgentError(f"expected the folder of a run, an agent or None, got {shown(run_or_agent)}")
    return PageInNotebook(make_page(content), height)
