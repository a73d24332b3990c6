"""Questions and answers in the terminal."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from string import ascii_lowercase
from typing import Any

from cookie_jar.scripts.common.console import Console, printable
from cookie_jar.scripts.common.lessons import Station, Texts, say
from cookie_jar.scripts.teaching.progress import MAX_WORDS

WIDTH = 88  # characters of a line


class Dialogue:
    """Prints texts, and asks.

    Args:
        console: The console to print on.
        texts: The texts.
        waits: Whether to ask; without, questions are printed together with their answers.
    """

    def __init__(self, console: Console, texts: Texts, waits: bool) -> None:
        self.console, self.texts, self.waits = console, texts, waits

    def text(self, key: str, values: Mapping[str, Any] | None = None) -> str:
        """Return a text as one line that is safe to print."""
        return printable(say(self.texts, key, values), 2 * MAX_WORDS)

    def say(
        self, key: str, values: Mapping[str, Any] | None = None, label: str = "", style: str = ""
    ) -> None:
        """Print a text, after a label."""
        text = self.text(key, values)
        self.write(f"{self.text(label)}: {text}" if label else text, style)

    def write(self, text: str, style: str = "") -> None:
        """Print a line, wrapped between words."""
        self.console.print(text, style=style or None, width=min(self.console.width, WIDTH))

    def measuring(self) -> AbstractContextManager[Any]:
        """Show that something is computed, on a terminal."""
        return self.console.status(self.text("tour.measuring"))

    def words(self, key: str) -> str:
        """Ask for the learner's own words."""
        return input(f"{self.text(key)}: ")[:MAX_WORDS].strip() if self.waits else ""

    def wait(self, key: str) -> None:
        """Wait for Enter."""
        if self.waits:
            input(f"{self.text(key)} ")
        self.console.out()

    def choose(self, station: Station, facts: Mapping[str, Any]) -> int | None:
        """Print the choices of a station, and ask for one.

        Returns:
            The number of the choice, or None without an answer.
        """
        letters = ascii_lowercase[: len(station.choices)]
        for number, letter in enumerate(letters):
            self.write(f"  {letter}) {self.text(f'{station.id}.choices.{number}', facts)}")
        known = {"letters": ", ".join(letters)}
        while self.waits:
            answer = input(f"{self.text('tour.choose', known)} ").strip().lower().rstrip(".)")
            if not answer:
                return None
            if len(answer) == 1 and answer in letters:
                return letters.index(answer)
            self.say("tour.unknown", known)
        return None

    def explain(self, station: Station, facts: Mapping[str, Any], chosen: int | None, right: int) -> None:
        """Say whether a choice was right, and which one is; then what was measured, and why."""
        self.console.out()
        if chosen == right:
            self.say("tour.right", style="bold")
        else:
            answer = {"answer": self.text(f"{station.id}.choices.{right}", facts)}
            self.say("tour.answer" if chosen is None else "tour.wrong", answer)
        self.say(f"{station.id}.see", facts, "tour.look")
        self.say(f"{station.id}.why", facts, "tour.why")
