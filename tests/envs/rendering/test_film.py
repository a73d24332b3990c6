import io
import re
from base64 import b64decode
from pathlib import Path

import gymnasium as gym
import pygame
import pytest
from boards import acts
from PIL import Image

from cookie_jar.agents import Optimal
from cookie_jar.envs import CookieJarError, show_episode
from cookie_jar.envs.rendering.film import Film, encode_animation


def test_a_film_of_an_episode(tmp_path):
    env = gym.make("CookieJarCorner-v0")
    film = show_episode(env, Optimal(env), size=(160, 160), speed=2)
    assert repr(film) == "Film(happiness=1.45, acts=7)"
    data = re.fullmatch(r'<img [^>]*src="data:image/gif;base64,([^"]+)">', film._repr_html_())[1]
    with Image.open(io.BytesIO(b64decode(data))) as image:
        assert image.size == (160, 160)
        assert image.n_frames > 7
    assert film.save(tmp_path / "x.gif").read_bytes() == film.gif


@pytest.fixture
def film():
    return Film(b"GIF89a new", 1.45, 7)


@pytest.mark.parametrize("refusals", [1, 100])
def test_a_film_waits_for_a_file_that_another_program_holds(refusals, film, tmp_path, monkeypatch):
    (tmp_path / "x.gif").write_bytes(b"old")
    rest, replace, pauses = [PermissionError(13, "Permission denied")] * refusals, Path.replace, []

    def refuse(part, path):
        if rest:
            raise rest.pop()
        return replace(part, path)

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr("time.sleep", pauses.append)
    if refusals == 1:
        assert film.save(tmp_path / "x.gif").read_bytes() == film.gif
        assert len(pauses) == 1
    else:
        with pytest.raises(PermissionError, match=r"Permission denied; close the program .*x.gif'") as caught:
            film.save(tmp_path / "x.gif")
        assert caught.value.filename == str(tmp_path / "x.gif")
        assert sum(pauses) == 2
        assert (tmp_path / "x.gif").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.gif"]


def test_cleaning_up_does_not_hide_why_a_film_is_not_saved(film, tmp_path, monkeypatch):
    def fail(error):
        def call(*_, **__):
            raise error

        return call

    monkeypatch.setattr(Path, "replace", fail(OSError(28, "No space left on device")))
    monkeypatch.setattr(Path, "unlink", fail(OSError(5, "Input/output error")))
    with pytest.raises(OSError, match=r"No space left on device: .*x.gif'"):
        film.save(tmp_path / "x.gif")


def test_a_folder_is_no_film(film, tmp_path):
    with pytest.raises(OSError, match="expected a regular file"):
        film.save(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"x\.gif"):
        film.save(tmp_path / "none" / "x.gif")


def test_a_function_is_a_policy_too():
    story = iter(acts("rclc^!2"))
    film = show_episode("CookieJarCorner-v0", lambda observation: next(story), size=(160, 160), speed=8)
    assert film.happiness == pytest.approx(1.45)


def test_a_loop_is_filmed_twice():
    film = show_episode("CookieJarCorner-v0", lambda observation: 0, size=(160, 160), speed=8)
    assert repr(film) == "Film(happiness=-2.00, acts=200, loop='act 1 repeats until act 200')"
    assert "act 1 repeats until act 200, and the film shows this twice" in film._repr_html_()
    with Image.open(io.BytesIO(film.gif)) as image:
        assert image.n_frames < 5


@pytest.mark.parametrize(("env", "options"), [("FrozenLake-v1", {}), ("CookieJar-v0", {"speed": 0})])
def test_what_cannot_be_filmed(env, options):
    with pytest.raises(CookieJarError, match="show_episode: expected"):
        show_episode(env, lambda observation: 0, **options)


def test_gymnasium_records_videos(tmp_path, monkeypatch):
    """Its writer, moviepy, is replaced: it forbids current versions of what we use."""
    import sys
    from types import ModuleType

    clips = []

    class Clip:
        def __init__(self, frames, fps):
            clips.append((frames, fps))

        def write_videofile(self, path, logger=None):
            pass

    module = ModuleType("moviepy.video.io.ImageSequenceClip")
    module.ImageSequenceClip = Clip
    for name in ("moviepy", "moviepy.video", "moviepy.video.io"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    env = gym.make("CookieJarCorner-v0", render_mode="rgb_array")
    env = gym.wrappers.RecordVideo(env, str(tmp_path / "videos"), episode_trigger=lambda episode: True)
    env.reset(seed=0)
    for action in acts("rclc^!2"):
        env.step(action)
    env.close()
    [(frames, fps)] = clips
    assert (len(frames), fps) == (8, 4)
    assert all(frame.shape == (640, 640, 3) for frame in frames)


@pytest.mark.parametrize("kind", ["gif", "webp"])
def test_encoding_reports_its_progress(kind):
    pictures, parts = [], []
    for number in range(8):
        pictures.append(pygame.Surface((20, 20)))
        pictures[-1].fill((30 * number, 0, 0))
    encode_animation(pictures, [40] * 8, kind, parts.append)
    assert len(parts) >= 8
    assert parts == sorted(parts)
    assert parts[-1] == 1
