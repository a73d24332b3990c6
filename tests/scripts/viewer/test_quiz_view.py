import numpy as np
import pygame
import pytest
from windows import QUIT, SIZE, click_on, press, run_script

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.quiz import Questions, Quiz
from cookie_jar.scripts.viewer.quiz_result import draw_sheet, sheet_png
from cookie_jar.scripts.viewer.quiz_view import QuizView

KINDS = "raisin", "chocolate chip", "plain"
LABELS = np.array([0, 1, 2, 1, 0, 2])
PICTURES = np.random.default_rng(0).integers(0, 256, (6, 8, 8, 3), dtype=np.uint8)
SIZES = (1280, 720), (640, 480), (320, 240), (1, 1)


def make_quiz(seed=0, labels=LABELS, kinds=KINDS):
    order = np.roll(np.arange(len(labels)), seed)
    return Quiz(Questions(PICTURES[order], labels[order], kinds, "conv", 2 - labels[order], 0.969))


@pytest.fixture
def view():
    return QuizView(make_quiz, 0)


def test_keys_label_and_go_back(view):
    press(view, pygame.K_1, pygame.K_KP_3, pygame.K_9, pygame.K_BACKSPACE, pygame.K_2)
    assert view.quiz.answers[:3] == [0, 1, None]
    assert view.quiz.position == 2


def test_every_kind_has_a_button(view):
    click_on(view, "answer 1", "answer 2", "answer 3", "undo")
    assert (view.quiz.answers[:3], view.quiz.position) == ([0, 1, 2], 2)


@pytest.mark.parametrize("kinds", [2, 3, 12])
@pytest.mark.parametrize("size", SIZES[:3])
def test_buttons_stand_in_the_window_and_apart(kinds, size):
    names = tuple(f"kind {number} with quite a long name" for number in range(kinds))
    view = QuizView(lambda seed: make_quiz(seed, LABELS % kinds, names), 0)
    view.draw(size)
    answers = [view.control(f"answer {number + 1}").rect for number in range(kinds)]
    rects = [*answers, view.control("undo").rect, view.control("help").rect]
    window = pygame.Rect((0, 0), size)
    for number, rect in enumerate(rects):
        assert window.contains(rect)
        assert rect.collidelist(rects[:number]) == -1


@pytest.mark.parametrize("size", SIZES)
def test_no_picture_of_a_question_depends_on_the_labels(size):
    """Neither the true kinds nor those of the model can be read from the window."""
    views = [
        QuizView(lambda seed, labels=labels: make_quiz(seed, labels), 0)
        for labels in (LABELS, 1 - LABELS % 2)
    ]
    for _ in LABELS:
        first, second = (to_array(view.draw(size)) for view in views)
        np.testing.assert_array_equal(first, second)
        for view in views:
            view.do("answer 1")
    first, second = (to_array(view.draw(size)) for view in views)
    assert size == (1, 1) or (first != second).any()


def test_the_pictures_follow_each_other(view):
    shown = set()
    for _ in LABELS:
        shown.add(to_array(view.draw(SIZE)).tobytes())
        view.do("answer 1")
    shown.add(to_array(view.draw(SIZE)).tobytes())
    assert len(shown) == len(LABELS) + 1


def test_the_present_answer_is_marked(view):
    view.do("answer 2")
    view.do("undo")
    picture = to_array(view.draw(SIZE))
    rects = [view.control(f"answer {number}").rect for number in (1, 2, 3)]
    on = [(picture[rect.bottom - 6, rect.left + 12] == palette.BAR_BEST).all() for rect in rects]
    assert on == [False, True, False]


def test_other_pictures_come_at_the_end_alone(view):
    press(view, pygame.K_n)
    assert (view.seed, view.quiz.position) == (0, 0)
    assert view.notice.text
    press(view, *[pygame.K_1] * len(LABELS))
    assert view.quiz.ended
    press(view, pygame.K_n)
    assert (view.seed, view.quiz.position, view.quiz.ended) == (1, 0, False)


@pytest.mark.parametrize("size", SIZES)
def test_the_result_fits_in_every_window(view, size):
    press(view, *[pygame.K_1] * len(LABELS))
    assert view.draw(size).get_size() == size
    assert not view.has_control("answer 1")


def test_a_window_is_closed(view, monkeypatch):
    assert run_script(view, {5: QUIT}, monkeypatch, (640, 480)) == 6
    assert view.closed


def test_the_help_lists_the_keys(view):
    view.draw((640, 480))
    keys, mouse = view.help_sections()
    assert [name for name, _ in keys.rows] == ["1 2 3 ...", "Backspace", "N", "F", "H", "Esc"]
    assert [name for name, _ in mouse.rows] == ["buttons"]


def test_buttons_say_what_they_do_and_why_they_do_not(view):
    view.draw((640, 480))
    assert view.control("answer 1").tip.startswith("1: label the picture as ")
    assert view.control("undo").tip.endswith("this is the first picture")
    assert view.control("other").tip.endswith("first label all pictures")


def test_the_sheet_shows_the_kinds_only_when_they_are_labelled():
    empty, other = make_quiz(), make_quiz(labels=1 - LABELS % 2)
    np.testing.assert_array_equal(to_array(draw_sheet(empty)), to_array(draw_sheet(other)))
    for quiz in (empty, other):
        for _ in LABELS:
            quiz.answer(0)
    assert (to_array(draw_sheet(empty)) != to_array(draw_sheet(other))).any()
    assert sheet_png(empty).startswith(b"\x89PNG")
