import pytest

from cookie_jar.envs.rendering.geometry import add, arc, direction, ease, interpolate, ramp, rounded


def test_points():
    assert add((1, 2), (3, -4)) == (4, -2)
    assert interpolate((0.0, 10.0), (4.0, 20.0), 0.25) == (1.0, 12.5)
    assert direction((1.0, 1.0), (4.0, 5.0)) == pytest.approx((0.6, 0.8))
    assert direction((1.0, 1.0), (1.0, 1.0)) is None


def test_an_arc_goes_clockwise_from_the_right():
    points = arc((1.0, 1.0), (2.0, 3.0), 0.0, 0.5, steps=2)
    assert points[0] == (3.0, 1.0)
    assert points[1] == pytest.approx((1.0, 4.0))
    assert points[2] == pytest.approx((-1.0, 1.0))


@pytest.mark.parametrize(("t", "value"), [(0.0, 0.0), (0.2, 0.0), (0.3, 0.5), (0.4, 1.0), (1.0, 1.0)])
def test_a_ramp_is_flat_before_and_after(t, value):
    assert ramp(t, 0.2, 0.4) == pytest.approx(value)


def test_ease_starts_and_stops_softly():
    assert (ease(0.0), ease(0.5), ease(1.0)) == (0.0, 0.5, 1.0)
    assert ease(0.01) < 0.001
    assert ease(0.99) > 0.999


def test_a_rounded_rectangle_can_have_square_corners():
    outline = rounded((0.0, 0.0, 4.0, 2.0), 0.5, (True, False, True, False))
    assert (4.0, 0.0) in outline
    assert (0.0, 2.0) in outline
    assert all(0.0 <= x <= 4.0 and 0.0 <= y <= 2.0 for x, y in outline)
    assert min(x + y for x, y in outline) == pytest.approx(1 - 0.5 * 2**0.5, abs=0.02)
