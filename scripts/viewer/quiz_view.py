"""The view of a quiz: a picture with a button for each kind, and at the end the result and the mistakes."""

from collections.abc import Callable
from typing import Any

import pygame

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.envs.rendering.pixels import from_array
from cookie_jar.scripts.viewer.controls import QUIZ_KEYS, quiz_buttons
from cookie_jar.scripts.viewer.notice import Notice
from cookie_jar.scripts.viewer.parts import Part
from cookie_jar.scripts.viewer.quiz import Quiz
from cookie_jar.scripts.viewer.quiz_result import draw_result
from cookie_jar.scripts.viewer.view import View
from cookie_jar.scripts.viewer.widgets.buttons import Button, draw_button

DIGITS = {key: number for number in range(9) for key in (pygame.K_1 + number, pygame.K_KP_1 + number)}
ANSWER = "answer "  # and the number of the label: a command
MOST_COLUMNS = 5  # of the buttons for the kinds


class QuizView(View):
    """The view of a quiz.

    The controls are a button "answer 1", "answer 2" and so on for each kind, and those of
    `controls.quiz_buttons`. Keys and buttons answer; nothing shows before the end whether an answer is right.

    Args:
        make_quiz: Function that returns the quiz of a seed.
        seed: The seed of the first quiz.

    Attributes:
        quiz: The current quiz.
        seed: Its seed.
    """

    def __init__(self, make_quiz: Callable[[int], Quiz], seed: int) -> None:
        super().__init__(QUIZ_KEYS, Notice())
        self._make_quiz = make_quiz
        self._picture, self._result = Part(), Part()
        self._start(seed)

    def _start(self, seed: int) -> None:
        self.quiz, self.seed = self._make_quiz(seed), seed

    def advance(self, seconds: float) -> None:
        """Advance the time of the notice."""
        super().advance(seconds)
        self.notice.advance(seconds)

    def command_of(self, event: Any) -> str | None:
        """Return an answer, or another command."""
        if event.type == pygame.KEYDOWN and event.key in DIGITS:
            return f"{ANSWER}{DIGITS[event.key] + 1}"
        return super().command_of(event)

    def execute(self, command: str) -> None:
        """Execute an answer, or a command of `controls.QUIZ_KEYS`."""
        if command.startswith(ANSWER):
            self.quiz.answer(int(command.removeprefix(ANSWER)) - 1)
        elif command == "undo":
            self.quiz.back()
        elif command == "other":
            if self.quiz.ended:
                self._start(self.seed + 1)
            else:
                self.notice.show("first label all pictures")

    def draw_contents(self, window: pygame.Surface, em: int) -> None:
        """Draw the question or the result, and the buttons."""
        area = window.get_rect().inflate(-2 * em, -em)
        area.width = max(1, area.width)
        row = pygame.Rect(area.left, area.bottom - 2 * em, area.width, 2 * em)
        area.height = max(1, row.top - em // 2 - area.top)
        if self.quiz.ended:
            key = self.seed, tuple(self.quiz.answers)
            self._result.draw(window, area, key, lambda s, r: draw_result(s, r, self.quiz, em))
        else:
            self._draw_question(window, area, em)
        self.add_buttons(window, row, quiz_buttons(self.quiz.position, ended=self.quiz.ended))

    def _draw_question(self, window: pygame.Surface, area: pygame.Rect, em: int) -> None:
        """Draw progress, picture and answers from top to bottom."""
        top = self._draw_progress(window, area, em)
        kinds = len(self.quiz.questions.kinds)
        widest = max(lettering.width(name, round(1.2 * em)) for name in self.quiz.questions.kinds)
        columns = min(kinds, MOST_COLUMNS, max(1, area.width // (widest + 4 * em)))
        lines = -(-kinds // columns)
        height = max(lettering.SMALLEST + 4, min(round(2.6 * em), area.height // 2 // lines))
        answers = pygame.Rect(area.left, area.bottom - lines * height, area.width, lines * height)
        room = pygame.Rect(area.left, top, area.width, max(1, answers.top - em // 2 - top))
        square = pygame.Rect(0, 0, *[min(room.size)] * 2)
        square.center = room.center
        key = self.seed, self.quiz.position
        self._picture.draw(window, square, key, lambda surface, _: self._draw_picture(surface))
        self._draw_answers(window, answers, columns, height, em)

    def _draw_picture(self, surface: pygame.Surface) -> None:
        """Fill a surface with the current picture, smoothly enlarged."""
        picture = self.quiz.questions.pictures[self.quiz.position]
        surface.blit(from_array(picture, surface.get_size(), palette.PAPER), (0, 0))

    def _draw_progress(self, window: pygame.Surface, area: pygame.Rect, em: int) -> int:
        """Draw the number of the picture above a bar, and return the y below them."""
        position, count = self.quiz.position, len(self.quiz.answers)
        middle = area.top + em * 0.6
        text = f"picture {position + 1} of {count}"
        written = lettering.write(window, text, em, palette.MUTED, right=area.right, middle=middle)
        question = "Which kind is it? Press its number."
        room = max(1, written.left - em - area.left)
        height = lettering.fit(question, em, room)
        question = lettering.ellipsis(question, height, room)
        lettering.write(window, question, height, palette.INK, left=area.left, middle=middle)
        bar = pygame.Rect(area.left, area.top + round(em * 1.5), area.width, max(4, em // 2))
        round_box(window, palette.LINE, bar, bar.height // 2)
        bar.width = round(bar.width * position / count)
        if bar.width:
            round_box(window, palette.BAR_BEST, bar, bar.height // 2)
        return bar.bottom + em // 2

    def _draw_answers(
        self, window: pygame.Surface, area: pygame.Rect, columns: int, height: int, em: int
    ) -> None:
        """Draw a button for each kind; the present answer of the picture is switched on."""
        gap = em // 3
        width = min((area.width - (columns - 1) * gap) // columns, 16 * em)
        left = area.centerx - (columns * width + (columns - 1) * gap) // 2
        for label, kind in enumerate(self.quiz.questions.kinds):
            line, column = divmod(label, columns)
            at = left + column * (width + gap), area.top + line * height
            place = pygame.Rect(*at, width, height - gap)
            name = f"{ANSWER}{label + 1}"
            letters, room = round(place.height * 0.46), round(width - place.height * 0.7)
            words = lettering.ellipsis(f"{label + 1}  {kind}", letters, room)
            given = self.quiz.answers[self.quiz.position] == label
            button = Button(name, words, on=given, tip=f"{label + 1}: label the picture as {kind}")
            draw_button(window, place, button, place.collidepoint(self.mouse))
            self.add_button(place, button)
