import importlib
import pkgutil
import sys

import numpy as np
import pytest
from needs import needs_limits
from pictures import frames

from cookie_jar.envs import rendering
from cookie_jar.envs.kitchen import find_kitchen
from cookie_jar.envs.rendering.drawing import Drawing
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.envs.rendering.props import chair
from cookie_jar.envs.rendering.scene import Scene

HOME = find_kitchen("home")


def test_sprites_are_kept():
    assert chair.sprite(40) is chair.sprite(40)
    assert chair.sprite(40) is not chair.sprite(41)


def test_a_turned_sprite_has_its_anchor_in_the_middle_of_the_turn():
    straight, half = chair.sprite(50), chair.sprite(50, turn=180.0)
    assert straight.surface.get_size() == pytest.approx(half.surface.get_size(), abs=2)
    below = straight.surface.get_height() - straight.anchor[1]
    assert half.anchor[1] == pytest.approx(below, abs=2)


def test_every_cache_is_bounded():
    modules = [
        importlib.import_module(f"{rendering.__name__}.{module.name}")
        for module in pkgutil.iter_modules(rendering.__path__)
    ]
    values = [value for module in modules for value in vars(module).values()]
    caches = [value.sprite if isinstance(value, Drawing) else value for value in values]
    caches = {id(cache): cache for cache in caches if hasattr(cache, "cache_info")}.values()
    assert len(caches) > 25
    assert all(cache.cache_info().maxsize is not None for cache in caches)


@needs_limits
@pytest.mark.slow
def test_ten_thousand_frames_need_no_more_memory():
    import resource

    unit = 1 if sys.platform == "darwin" else 1024

    def peak():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit

    rng = np.random.default_rng(0)
    scene = Scene(HOME, (160, 120))
    told = frames(HOME, "rrrrrcuulllc^^^!123" + "".join(rng.choice([*"udlrc^!"], 200)))
    for number in range(10_000):
        if number % 50 == 0:
            overlay = Overlay(values=rng.random(17), arrows=rng.dirichlet(np.ones(4), 17))
        scene.draw(told[number % len(told)], rng.random(), overlay)
        if number == 3_000:
            before = peak()
    assert peak() - before < 8e6
