import pygame
import pytest
from surfaces import where
from windows import QUIT, click, click_on, drag_along, key, press

from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts.viewer.control import Control
from cookie_jar.scripts.viewer.controls import KEYS
from cookie_jar.scripts.viewer.notice import Notice
from cookie_jar.scripts.viewer.view import View
from cookie_jar.scripts.viewer.widgets.buttons import Button


class PlainView(View):
    """A view with two buttons and a control to drag."""

    def __init__(self):
        super().__init__(KEYS, Notice())
        self.executed, self.dragged, self.released, self.wheel = [], [], 0, []

    def advance(self, seconds):
        super().advance(seconds)
        self.notice.advance(seconds)

    def execute(self, command):
        self.executed.append(command)

    def scroll(self, y):
        self.wheel.append(y)

    def release(self):
        self.released += 1

    def draw_contents(self, window, em):
        buttons = [
            Button("pause", "pause"),
            Button("again", "again", why_not="not now"),
            Button("trail", why_not="not now"),
        ]
        self.add_buttons(window, pygame.Rect(20, 20, 600, 30), buttons, always_enabled=("trail",))
        rect = pygame.Rect(100, 200, 400, 50)
        self.add_control(Control("handle", rect, self.dragged.append, True, self.release, tip="drag it"))


def test_keys_and_buttons_execute_commands():
    view = PlainView()
    press(view, pygame.K_SPACE, pygame.K_z)
    click_on(view, "pause", "again", "trail")
    assert view.executed == ["pause", "pause", "trail"]


def test_nothing_reacts_before_it_is_drawn():
    view = PlainView()
    for event in click((30, 35)):
        view.handle_event(event)
    assert view.executed == []
    assert not view.has_control("pause")
    with pytest.raises(KeyError):
        view.control("pause")


def test_a_control_is_dragged_until_the_button_goes_up():
    view = PlainView()
    drag_along(view, "handle", 0.0, 1.0)
    assert view.dragged == [100, 499]
    assert (view.held, view.released) == (None, 1)
    view.handle_event(pygame.event.Event(pygame.MOUSEMOTION, pos=(300, 225), rel=(0, 0), buttons=(0, 0, 0)))
    assert view.dragged == [100, 499]


def test_only_the_left_button_presses():
    view = PlainView()
    view.draw((640, 480))
    point = view.control("handle").rect.center
    view.handle_event(pygame.event.Event(pygame.MOUSEBUTTONDOWN, pos=point, button=3))
    assert view.dragged == []


def test_the_help_is_closed_by_anything_but_closes_nothing_else():
    view = PlainView()
    press(view, pygame.K_h, pygame.K_SPACE)
    assert not view.helping
    press(view, pygame.K_h)
    before = to_array(view.draw((640, 480))).copy()
    view.handle_event(click(view.control("pause").rect.center)[1])
    assert not view.helping
    assert view.executed == []
    assert (to_array(view.draw((640, 480))) != before).any()
    press(view, pygame.K_h, pygame.K_ESCAPE)
    assert not view.closed


def test_escape_leaves_the_full_screen_first():
    view = PlainView()
    press(view, pygame.K_f)
    assert view.full
    press(view, pygame.K_ESCAPE)
    assert (view.full, view.closed) == (False, False)
    press(view, pygame.K_ESCAPE)
    assert view.closed


def test_closing_the_window_always_closes():
    view = PlainView()
    press(view, pygame.K_f, pygame.K_h)
    view.handle_event(QUIT)
    assert view.closed


def test_the_wheel_and_other_events():
    view = PlainView()
    view.handle_event(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=-1))
    view.handle_event(pygame.event.Event(pygame.WINDOWFOCUSLOST))
    view.handle_event(key(pygame.K_LSHIFT))
    assert (view.wheel, view.executed) == ([-1], [])


def test_a_notice_is_drawn_while_it_lasts():
    view = PlainView()
    plain = to_array(view.draw((640, 480))).copy()
    view.notice.show("something")
    assert (to_array(view.draw((640, 480))) != plain).any()
    view.advance(10)
    assert (to_array(view.draw((640, 480))) == plain).all()


def move_to(view, point):
    view.handle_event(pygame.event.Event(pygame.MOUSEMOTION, pos=point, rel=(0, 0), buttons=(0, 0, 0)))


def rest_on(view, name, seconds=1.0):
    """Move the mouse into the window, and let it rest on a control."""
    move_to(view, (1, 1))
    move_to(view, view.control(name).rect.center)
    View.advance(view, seconds)


def test_tooltips_say_what_a_control_does_and_why_it_does_not():
    view = PlainView()
    view.draw((640, 480))
    tips = []
    for name in ("pause", "again", "handle"):
        rest_on(view, name)
        tips.append(view.tip)
    assert tips == [
        "Space: pause or continue",
        "R: the same episode from its start; not now",
        "handle: drag it",
    ]


def test_a_tooltip_appears_only_when_the_mouse_rests():
    view = PlainView()
    before = to_array(view.draw((640, 480))).copy()
    rest_on(view, "handle", 0.2)
    assert view.tip == ""
    View.advance(view, 0.6)
    assert (to_array(view.draw((640, 480))) != before).any()
    press(view, pygame.K_SPACE)
    assert view.tip == ""
    rest_on(view, "handle", 100.0)
    assert view.tip == ""
    rest_on(view, "handle")
    assert view.tip == "handle: drag it"
    view.handle_event(pygame.event.Event(pygame.WINDOWLEAVE))
    assert view.tip == ""


def test_a_window_that_opens_below_the_mouse_shows_no_tooltip():
    view = PlainView()
    view.draw((640, 480))
    move_to(view, view.control("handle").rect.center)
    View.advance(view, 1.0)
    assert view.tip == ""


def test_the_help_lists_the_keys_and_what_else_reacts_to_the_mouse():
    view = PlainView()
    view.draw((640, 480))
    keys, mouse = view.help_sections()
    assert ("Space", "pause or continue") in keys.rows
    assert [name for name, _ in mouse.rows] == ["buttons", "handle"]


def test_large_letters():
    view, pixels = PlainView(), []
    for view.large in (False, True):
        view.notice.show("a notice")
        pixels.append(len(where(view.draw((640, 480)), palette.INK)))
    assert pixels[0] * 1.5 < pixels[1]
