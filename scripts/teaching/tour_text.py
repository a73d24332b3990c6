"""The tour in the terminal: predict, look, explain; then the quiz, and the learner's own words."""

from typing import Any

from cookie_jar.scripts.common.console import command
from cookie_jar.scripts.common.lessons import Station, stations
from cookie_jar.scripts.teaching.dialogue import Dialogue
from cookie_jar.scripts.teaching.progress import Progress, write_progress
from cookie_jar.scripts.teaching.quiz import take_quiz
from cookie_jar.scripts.teaching.stations import Laboratory, right_choice


class TextTour:
    """A tour in the terminal.

    Args:
        dialogue: Prints and asks.
        progress: Where the learner stands; kept in a file after each station.
        keeps: Whether to keep the progress.
    """

    def __init__(self, dialogue: Dialogue, progress: Progress, keeps: bool = True) -> None:
        self.dialogue, self.progress, self._keeps = dialogue, progress, keeps

    def run(self) -> None:
        """Show the stations that remain, then the quiz; ends early where the input ends or at Ctrl-C.

        Raises:
            KeyboardInterrupt: At Ctrl-C; the progress is kept.
        """
        try:
            self._begin()
            self._show_stations()
            self._quiz()
            self._end()
        except EOFError:
            self.dialogue.console.out()
            self._say_stopped()
        except KeyboardInterrupt:
            self.dialogue.console.out()
            self._say_stopped()
            raise

    def _say_stopped(self) -> None:
        self.dialogue.say("tour.stopped", {"command": command("tour", "--text")})

    def _advance(self, **changes: Any) -> None:
        self.progress = self.progress._replace(**changes)
        if self._keeps:
            try:
                write_progress(self.progress)
            except OSError as error:  # for example, a home that is read-only
                self._keeps = False
                reason = {"reason": f"{error.filename}: {error.strerror}"}
                self.dialogue.say("tour.not_kept", reason)

    def _begin(self) -> None:
        """Ask the question of the tour, once."""
        self.dialogue.say("tour.welcome.title", style="bold")
        if self.progress.station == 1 and not self.progress.before:
            self.dialogue.say("tour.welcome.question")
            self._advance(before=self.dialogue.words("tour.your_words"))
        self.dialogue.console.out()

    def _show_stations(self) -> None:
        every = stations()
        for number in range(self.progress.station, len(every) + 1):
            show_station(self.dialogue, every[number - 1])
            self._advance(station=number + 1)
            self.dialogue.wait("tour.continue")

    def _quiz(self) -> None:
        """Ask the quiz until it is passed."""
        while not self.progress.passed:
            passed = take_quiz(self.dialogue, self.progress.attempt)
            if not self.dialogue.waits:
                return
            self._advance(passed=passed, attempt=self.progress.attempt + (not passed))
            if not passed:
                self.dialogue.wait("tour.continue")

    def _end(self) -> None:
        """Ask the question again, beside the answer of the start."""
        before = {"before": self.progress.before or self.dialogue.text("tour.nothing")}
        self.dialogue.say("quiz.end.question", before)
        if not self.dialogue.waits:
            return
        if self.progress.after:
            self.dialogue.say("tour.after", {"after": self.progress.after})
        else:
            self._advance(after=self.dialogue.words("tour.your_words"))
        self.dialogue.say("tour.finished")


def show_station(dialogue: Dialogue, station: Station) -> None:
    """Ask the question of a station, carry out its operations, and explain what was measured."""
    dialogue.say(f"{station.id}.title", style="bold")
    with dialogue.measuring():
        laboratory = Laboratory(station.kitchen)
        laboratory.do(station.before)
    facts = laboratory.facts
    dialogue.say(f"{station.id}.question", facts, "tour.predict")
    chosen = dialogue.choose(station, facts)
    with dialogue.measuring():
        laboratory.do(station.operations)
    dialogue.explain(station, facts, chosen, right_choice(station, facts))
