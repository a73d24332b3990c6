import pytest
from pictures import STORIES, frames

from cookie_jar.envs import Event
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering import palette
from cookie_jar.envs.rendering.words import PHRASES, Amount, amount, number, words_of

CORNER = find_kitchen("corner")


def test_the_result_is_unknown_until_it_is_felt():
    frame = frames(CORNER, STORIES["yum"])[-1]
    early, late = words_of(frame, 0.3), words_of(frame, 0.9)
    assert (early.done, early.phrase, early.gain, early.total.text) == ("pick middle", None, None, "+0.45")
    assert (late.done, late.phrase, late.steps) == ("pick middle", "likes it!", "7 acts")
    assert late.gain == Amount("+1.00", palette.HAPPY)
    assert late.total.text == "+1.45"


def test_without_a_state_before_the_result_is_known():
    frame = frames(CORNER, "r")[-1]
    assert words_of(frame._replace(before=None), 0.0) == words_of(frame, 1.0)


def test_a_start_has_no_result():
    words = words_of(frames(CORNER, "")[0], 1.0)
    assert words == ("start", None, None, Amount("0.00", palette.INK), "0 acts")


def test_one_act_is_singular():
    assert words_of(frames(CORNER, "r")[-1], 1.0).steps == "1 act"


def test_every_event_has_its_own_phrase():
    assert len(set(PHRASES.values())) == len(PHRASES) == len(Event)


@pytest.mark.parametrize(
    ("happiness", "text", "colour"),
    [
        (1e-12, "0.00", "INK"),
        (-0.004, "-0.004", "UNHAPPY"),
        (0.5, "+0.50", "HAPPY"),
        (-0.02, "-0.02", "UNHAPPY"),
    ],
)
def test_amounts_have_a_sign_and_a_colour(happiness, text, colour):
    assert amount(happiness) == Amount(text, getattr(palette, colour))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (0.123, "0.12"),
        (0.005, "0.01"),
        (0.0049, "0.005"),
        (-0.0012, "-0.001"),
        (0.000123, "0.0001"),
        (0.0000123, "1e-5"),
        (-3e-17, "-3e-17"),
        (1.494, "1.49"),
        (99.99, "99.99"),
        (99.999, "100"),
        (-123.4, "-123"),
        (1_234_567.0, "1.2e6"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
    ],
)
def test_numbers_have_the_digits_that_they_need(value, text):
    assert number(value) == text


@pytest.mark.parametrize("digits", [1.0, 4.9999, 9.9999999, -5.0, -9.5])
def test_only_zero_is_written_as_zero(digits):
    for value in (digits * 10.0**exponent for exponent in range(-300, 300, 31)):
        assert float(number(value)) == pytest.approx(value, rel=0.5), value
        assert number(value).strip("-0.") != "", value
        assert len(number(value)) <= 8, value
