import sys

import numpy as np
import pytest
from PIL import Image
from windows import SIZE, make_view

from cookie_jar.envs.rendering.pixels import to_array
from cookie_jar.scripts import watch
from cookie_jar.scripts.common.console import run
from cookie_jar.scripts.viewer import recording
from cookie_jar.scripts.viewer.loops import shortened
from cookie_jar.scripts.viewer.player_view import PlayerView


def save(corner_memory, name, *options):
    assert run(watch.main, [str(corner_memory), "--save", name, *options]) == 0
    return Image.open(name)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_an_animation_lasts_as_long_as_the_replay(corner_memory, kind, capsys):
    with save(corner_memory, f"out/story.{kind}", "--size", "320x300") as image:
        assert image.size == (320, 300)
        assert image.info["loop"] == 0
        seconds = 0.0
        for number in range(image.n_frames):
            image.seek(number)
            image.load()
            seconds += image.info["duration"] / 1000
        assert seconds == pytest.approx((1 + 7 + 3) / 2.5, abs=0.1)
        first, last = (frame(image, number) for number in (0, image.n_frames - 1))
        assert np.abs(first - last).max() > 100
    assert f"saved out/story.{kind}" in capsys.readouterr().out


def frame(image, number):
    image.seek(number)
    return np.asarray(image.convert("RGB")).astype(int)


def test_speed_and_overlays(corner_memory):
    with save(corner_memory, "slow.gif", "--size", "200x200", "--speed", "2") as image:
        plain, count = frame(image, 0), image.n_frames
    options = ["--size", "200x200", "--speed", "8", "--overlays", "values"]
    with save(corner_memory, "fast.gif", *options) as image:
        assert image.n_frames < count / 2
        assert np.abs(frame(image, 0) - plain).mean() > 5


def test_pictures_have_no_buttons_and_no_timeline(corner_run):
    view = make_view(corner_run)
    bare = to_array(PlayerView(view.player, bare=True).draw(SIZE)).copy()
    assert (to_array(view.draw(SIZE)) != bare).any()
    [picture] = recording.pictures_of(view.player, SIZE, 1, 12.5, {})
    assert (to_array(picture) == bare).all()


def test_the_same_seed_gives_the_same_file(corner_memory, tmp_path):
    for name in ("a.gif", "b.gif"):
        save(corner_memory, name, "--size", "160x160", "--speed", "8").close()
    assert (tmp_path / "a.gif").read_bytes() == (tmp_path / "b.gif").read_bytes()


def test_a_film_strip_shows_the_key_moments(corner_memory):
    with save(corner_memory, "story.png", "--size", "200x200") as image:
        assert image.size == (600, 400)  # start, put, climb, open, pick and lift: two rows of three


@pytest.mark.parametrize("kind", ["gif", "png"])
def test_a_loop_is_shown_twice_and_said(corner_run, tmp_path, kind, capsys):
    name = str(tmp_path / f"loop.{kind}")
    assert run(watch.main, [f"{corner_run}@0", "--save", name, "--size", "200x200", "--speed", "8"]) == 0
    printed = capsys.readouterr().out
    assert "a loop, which the file shows twice: act 1 repeats until act 200, happiness -2.00" in printed
    with Image.open(name) as image:
        assert getattr(image, "n_frames", 1) < 10


def test_the_film_says_that_a_loop_repeats_from_its_second_turn_on(corner_run):
    player = make_view(f"{corner_run}@0").player
    with shortened(player.replays) as loops:
        assert list(loops) == ["act 1 repeats until act 200, happiness -2.00"]
        assert player.last == 2
        silent, saying = recording.pictures_of(player, SIZE, 2, 1.0, loops)
    assert player.last == 200
    top = [to_array(picture)[:40].std() for picture in (silent, saying)]
    assert top[1] > top[0]


@pytest.mark.slow
def test_a_gif_of_twenty_seconds_is_small(corner_memory, tmp_path):
    save(corner_memory, "long.gif", "--speed", "0.25", "--overlays", "values,arrows,trail").close()
    assert (tmp_path / "long.gif").stat().st_size < 3_000_000


def test_a_movie(corner_memory):
    av = pytest.importorskip("av")
    assert run(watch.main, [str(corner_memory), "--save", "story.mp4", "--size", "201x181"]) == 0
    with av.open("story.mp4") as movie:
        frames = [frame.to_ndarray(format="rgb24") for frame in movie.decode(video=0)]
    assert frames[0].shape == (180, 200, 3)
    assert len(frames) == pytest.approx(11 / 2.5 * 30, abs=1)


def test_without_pyav_it_says_how_to_get_it(corner_memory, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "av", None)
    assert run(watch.main, [str(corner_memory), "--save", "story.mp4"]) == 2
    error = capsys.readouterr().err
    assert "pip install av" in error
    assert "GIF" in error


def test_too_long_an_episode_is_refused(corner_memory, monkeypatch, capsys):
    monkeypatch.setattr(recording, "MAX_FRAMES", 20)
    assert run(watch.main, [str(corner_memory), "--save", "story.gif"]) == 2
    assert "higher --speed" in capsys.readouterr().err


def test_a_film_strip_has_one_legend_below_all_pictures(corner_memory):
    with save(corner_memory, "plain.png", "--size", "200x200") as plain:
        wide, tall = plain.size
    with save(corner_memory, "legend.png", "--size", "200x200", "--overlays", "values,arrows") as strip:
        assert strip.size[0] == wide
        assert tall < strip.size[1] < tall + 60
