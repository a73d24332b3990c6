"""Pictures of a quiz: its result with the mistakes, and a sheet with all pictures."""

from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from cookie_jar.envs.rendering import lettering, palette
from cookie_jar.envs.rendering.canvas import round_box
from cookie_jar.envs.rendering.pixels import from_array
from cookie_jar.scripts.viewer.quiz import Mark, Quiz

ROW = 2.2  # em of a row of the result
CELL = 9  # em of the width of a picture with its words
SHEET_COLUMNS, SHEET_EM = 6, 16

Line = tuple[str, palette.RGB]


class Card(NamedTuple):
    """A picture with lines of text below."""

    picture: NDArray[np.uint8]
    lines: tuple[Line, ...]


def draw_result(surface: pygame.Surface, area: pygame.Rect, quiz: Quiz, em: int) -> None:
    """Draw the accuracies as bars with their intervals, and below the pictures that someone got wrong."""
    marks, ceiling = quiz.marks(), quiz.questions.ceiling
    words = "Accuracy, with 95 % intervals"
    lettering.write(surface, words, em, palette.MUTED, left=area.left, middle=area.top + em * 0.6)
    top = area.top + round(1.4 * em)
    names = [mark.name for mark in marks] + (["ceiling"] if ceiling is not None else [])
    wide = min(area.width // 3, max(lettering.width(name, em) for name in names) + em)
    for mark in marks:
        row = pygame.Rect(area.left, top, area.width, round(ROW * em))
        _draw_mark(surface, row, mark, wide, em)
        top = row.bottom
    if ceiling is not None:
        row = pygame.Rect(area.left, top, area.width, round(ROW * em))
        _draw_row(surface, row, ("ceiling", f"{100 * ceiling:.1f} % on average"), (ceiling, None), wide, em)
        top = row.bottom
    mistakes = quiz.mistakes()
    words = "The pictures that you or the model got wrong" if quiz.questions.predicted is not None else ""
    words = (words or "The pictures that you got wrong") if mistakes else "All labels are right."
    heading = lettering.fit(words, em, area.width)
    lettering.write(surface, words, heading, palette.INK, left=area.left, middle=top + em)
    rest = pygame.Rect(area.left, top + 2 * em, area.width, max(1, area.bottom - top - 2 * em))
    draw_cards(surface, rest, [_labelled(quiz, index) for index in mistakes], em)


def sheet_png(quiz: Quiz) -> bytes:
    """Return the sheet of a quiz as a PNG file."""
    data = BytesIO()
    pygame.image.save(draw_sheet(quiz), data, "sheet.png")
    return data.getvalue()


def draw_sheet(quiz: Quiz) -> pygame.Surface:
    """Return all pictures with their numbers; labelled pictures also with their kinds and the labels."""
    count = len(quiz.answers)
    columns = min(count, SHEET_COLUMNS)
    wide, tall = round(CELL * SHEET_EM), _card_height(4 if len(quiz.answered) else 1, SHEET_EM)
    sheet = pygame.Surface((columns * wide, -(-count // columns) * tall))
    sheet.fill(palette.PAPER)
    cards = [_sheet_card(quiz, index) for index in range(count)]
    letters = _letters(cards, SHEET_EM)
    for index, card in enumerate(cards):
        line, column = divmod(index, columns)
        _draw_card(sheet, pygame.Rect(column * wide, line * tall, wide, tall), card, SHEET_EM, letters)
    return sheet


def _sheet_card(quiz: Quiz, index: int) -> Card:
    """Return a picture with its number, and also its kind if the picture is labelled."""
    card = _labelled(quiz, index)
    lines = card.lines if quiz.answers[index] is not None else ()
    return card._replace(lines=((f"{index + 1}", palette.INK), *lines))


def _labelled(quiz: Quiz, index: int) -> Card:
    """Return a picture with its kind and the labels that it was given."""
    questions, kinds = quiz.questions, quiz.questions.kinds
    truth, answer = int(questions.labels[index]), quiz.answers[index]
    lines: list[Line] = [(kinds[truth], palette.INK)]
    if answer is not None:
        lines.append((f"you: {kinds[answer]}", _colour(answer == truth)))
    if questions.predicted is not None:
        predicted = int(questions.predicted[index])
        lines.append((f"model: {kinds[predicted]}", _colour(predicted == truth)))
    return Card(questions.pictures[index], tuple(lines))


def _colour(is_right: bool) -> palette.RGB:
    return palette.MUTED if is_right else palette.UNHAPPY


def _draw_mark(surface: pygame.Surface, row: pygame.Rect, mark: Mark, wide: int, em: int) -> None:
    """Draw the accuracy of someone."""
    low, high = mark.accuracy.low, mark.accuracy.high
    share = f"{mark.accuracy.estimate:.0%}".replace("%", " %")
    words = f"{mark.right} of {mark.pictures}: {share} ({100 * low:.0f} to {100 * high:.0f} %)"
    _draw_row(surface, row, (mark.name, words), (mark.accuracy.estimate, (low, high)), wide, em)


def _draw_row(
    surface: pygame.Surface,
    row: pygame.Rect,
    texts: tuple[str, str],
    values: tuple[float, tuple[float, float] | None],
    wide: int,
    em: int,
) -> None:
    """Draw a name, a bar with an interval, and a text.

    Args:
        surface: The surface to draw on.
        row: The place of the row.
        texts: The name and the text.
        values: The length of the bar, 0 to 1, and the ends of the interval or None.
        wide: The room for the name in pixels.
        em: The height of letters.
    """
    (name, words), (value, interval) = texts, values
    height = lettering.fit(name, em, wide - em // 2)
    shown = lettering.ellipsis(name, height, wide - em // 2)
    lettering.write(surface, shown, height, palette.INK, left=row.left, middle=row.centery)
    room = min(lettering.width("30 of 30: 100 % (88 to 100 %)", em), row.width // 2)
    bar = pygame.Rect(row.left + wide, 0, row.width - wide - room - em, em)
    bar.centery = row.centery
    round_box(surface, palette.PAPER_DARK, bar, em // 3)
    filled = bar.copy()
    filled.width = round(bar.width * value)
    if filled.width:
        colour = palette.BAR_BEST if interval is None else palette.BAR
        round_box(surface, colour, filled, em // 3)
    if interval is not None:
        low, high = (bar.left + round(bar.width * end) for end in interval)
        thick = max(2, em // 8)
        surface.fill(palette.INK, (low, bar.centery - thick // 2, max(1, high - low), thick))
        for end in (low, high):
            surface.fill(palette.INK, (end - thick // 2, bar.centery - em // 3, thick, 2 * (em // 3)))
    height = lettering.fit(words, em, room)
    lettering.write(surface, words, height, palette.INK, left=bar.right + em, middle=row.centery)


def draw_cards(surface: pygame.Surface, area: pygame.Rect, cards: Sequence[Card], em: int) -> None:
    """Draw cards in rows; if they do not all fit, the last place says how many are missing."""
    if not cards:
        return
    lines = max(len(card.lines) for card in cards)
    for size in (2 * em, 3 * em // 2, em):  # few cards are larger
        wide, tall = round(CELL * size), _card_height(lines, size)
        columns = area.width // wide
        places = columns * (area.height // tall)
        if places >= len(cards):
            em = size
            break
    if not places:
        words = "Enlarge the window to see them."
        lettering.write(surface, words, em, palette.MUTED, left=area.left, middle=area.top + em / 2)
        return
    shown, letters = len(cards) if len(cards) <= places else places - 1, _letters(cards, em)
    for index, card in enumerate(cards[:shown]):
        line, column = divmod(index, columns)
        at = area.left + column * wide, area.top + line * tall
        _draw_card(surface, pygame.Rect(*at, wide, tall), card, em, letters)
    if shown < len(cards):
        line, column = divmod(shown, columns)
        center, middle = area.left + (column + 0.5) * wide, area.top + (line + 0.4) * tall
        words = f"and {len(cards) - shown} more"
        lettering.write(surface, words, em, palette.MUTED, center=center, middle=middle)


def _card_height(lines: int, em: int) -> int:
    return round((CELL - 3 + 1.3 * lines + 1.2) * em)


def _room(em: int) -> int:
    """Return the room for words below a picture, in pixels."""
    return round((CELL - 0.5) * em)


def _letters(cards: Sequence[Card], em: int) -> int:
    """Return the height of letters at which all lines of the cards fit."""
    return min((lettering.fit(text, em, _room(em)) for card in cards for text, _ in card.lines), default=em)


def _draw_card(surface: pygame.Surface, area: pygame.Rect, card: Card, em: int, letters: int) -> None:
    """Draw a picture and the lines below it."""
    side = round((CELL - 3) * em)
    square = pygame.Rect(0, area.top + em // 2, side, side)
    square.centerx = area.centerx
    surface.fill(palette.LINE, square.inflate(2, 2))
    surface.blit(from_array(card.picture, square.size, palette.PAPER), square)
    for number, (text, ink) in enumerate(card.lines):
        shown = lettering.ellipsis(text, letters, _room(em))
        middle = square.bottom + (0.9 + 1.3 * number) * em
        lettering.write(surface, shown, letters, ink, center=area.centerx, middle=middle)
