"""The named shifts: what they change in a picture, and what they leave."""

import numpy as np
import pytest

from cookie_jar.envs import Cookie, draw_pictures
from cookie_jar.envs.cookies.shifts import KIND_CLOTHS, SHIFTS, SHORTCUT_SHARE

NUMBERS = np.arange(400)
CORNERS = np.s_[:, [0, 0, -1, -1], [0, -1, 0, -1]]


def cloths(**options) -> tuple[np.ndarray, np.ndarray]:
    """The mean colour of the corners, mostly the cloth, and the kinds."""
    drawn = draw_pictures(NUMBERS, mess=0, **options)
    return drawn.pictures[CORNERS].mean(axis=1), drawn.kinds


@pytest.mark.parametrize("name", SHIFTS)
def test_a_shift_changes_pictures_and_no_cookie(name):
    plain, shifted = (draw_pictures(range(20), shift=shift) for shift in ("none", name))
    assert np.array_equal(plain.attributes, shifted.attributes)
    assert np.array_equal(plain.kinds, shifted.kinds)
    assert np.array_equal(plain.pictures, shifted.pictures) == (name == "none")
    assert SHIFTS[name].label


def test_evening_light_is_darker_and_redder():
    plain, evening = (
        draw_pictures(NUMBERS, shift=shift).pictures.mean((0, 1, 2)) for shift in ("none", "evening")
    )
    assert (evening < plain).all()
    assert evening[0] / evening[2] > 1.3 * plain[0] / plain[2]


def test_burnt_cookies_are_darker_and_their_cloth_is_not():
    plain, burnt = (draw_pictures(NUMBERS, mess=0, shift=shift).pictures for shift in ("none", "burnt"))
    assert burnt[:, 12:20, 12:20].mean() < 0.9 * plain[:, 12:20, 12:20].mean()
    assert np.array_equal(burnt[CORNERS], plain[CORNERS])


def test_dots_of_burnt_cookies_are_darker_than_the_dough():
    burnt = draw_pictures(NUMBERS, [Cookie.CHOCOLATE_CHIP] * 400, mess=0, shift="burnt").pictures
    middle = burnt[:, 6:26, 6:26].reshape(400, -1, 3).mean(axis=2)
    assert (middle.min(axis=1) < 0.7 * np.median(middle, axis=1)).mean() > 0.95


@pytest.mark.parametrize(("shift", "turn"), [("none", 0), ("swapped", 1)])
def test_the_cloth_tells_the_kind_as_often_as_asked_for(shift, turn):
    # 5 standard errors of a share of 400 pictures; the plain cloth is far from all of the three.
    found, kinds = cloths(shift=shift, cloth_share=SHORTCUT_SHARE)
    distances = np.abs(found[:, None] - np.array(KIND_CLOTHS)).sum(axis=2)
    told = (distances.argmin(axis=1) == (kinds + turn) % 3) & (distances.min(axis=1) < 130)
    assert abs(told.mean() - SHORTCUT_SHARE) < 5 * np.sqrt(SHORTCUT_SHARE * (1 - SHORTCUT_SHARE) / 400)


def test_without_a_shortcut_the_cloth_tells_nothing():
    found, kinds = cloths()
    means = np.array([found[kinds == kind].mean(axis=0) for kind in Cookie])
    assert np.abs(means - means.mean(axis=0)).max() < 5 * found.std() / np.sqrt(400 / 3)


def test_other_cloths_are_none_of_the_usual_ones():
    assert not set(SHIFTS["cloths"].cloths) & set(KIND_CLOTHS)
    found, _ = cloths(shift="cloths")
    usual, _ = cloths()
    assert np.abs(found - usual.mean(axis=0)).sum(axis=1).min() > 30


def test_the_shift_mess_is_a_mess_of_one():
    for mess in (0.0, 0.3):
        shifted = draw_pictures(range(20), shift="mess", mess=mess).pictures
        assert np.array_equal(shifted, draw_pictures(range(20), mess=1).pictures)
