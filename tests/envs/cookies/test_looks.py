"""The looks: everything that varies, and nothing that tells the kind."""

import numpy as np
import pytest

from cookie_jar.envs.cookies.looks import DOT_NUMBERS, LOOK, draw_dots, draw_looks
from cookie_jar.envs.cookies.recipe import MEANS
from cookie_jar.envs.cookies.shifts import SHIFTS

NUMBERS = np.arange(2000)
TYPICAL = np.tile(MEANS[0], (2000, 1))


def looks(kind: int = 0, mess: float = 0.3) -> np.ndarray:
    return draw_looks(0, NUMBERS, np.full(2000, kind), TYPICAL, SHIFTS["none"], mess, 0.0)


def test_no_look_depends_on_the_kind():
    assert np.array_equal(looks(0), looks(2))


@pytest.mark.parametrize("name", LOOK.names)
def test_every_part_of_a_look_varies_and_is_finite(name):
    values = looks(mess=1.0)[name]
    assert np.isfinite(values).all()
    assert np.ptp(values) > 0


@pytest.mark.parametrize("name", ["x", "y", "bitten", "check", "neighbour", "light_x", "temperature"])
def test_no_mess_switches_nuisances_off(name):
    assert not looks(mess=0.0)[name].any()


def test_more_mess_keeps_the_cookie():
    some, more = looks(mess=0.3), looks(mess=1.0)
    for name in ("wobble", "dots_turn", "dots_start", "ink", "grain"):
        assert np.array_equal(some[name], more[name])
    assert (some["neighbour"] <= more["neighbour"]).all()


@pytest.mark.parametrize("name", DOT_NUMBERS)
def test_dots_of_a_cookie_differ(name):
    assert (np.ptp(draw_dots(0, NUMBERS)[name], axis=1) > 0).all()
