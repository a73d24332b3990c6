import gymnasium as gym
import numpy as np
import pytest
from needs import needs_sb3

pytestmark = needs_sb3


@pytest.mark.parametrize("env_id", ["CookieJarCorner-v0", "CookieJarHints-v0", "CookieJarClumsy-v0"])
def test_the_adapter_steps_as_dummy_vec_env_does(env_id):
    from stable_baselines3.common.env_util import make_vec_env

    from cookie_jar.scripts.sb3.vec_env import VectorAdapter  # imports Stable-Baselines3

    options = {"observation": "factors"}
    plain = make_vec_env(env_id, 3, seed=5, env_kwargs=options)
    envs = gym.make_vec(env_id, 3, "vector_entry_point", autoreset_mode="SAME_STEP", **options)
    adapter = VectorAdapter(envs)
    adapter.seed(5)
    np.testing.assert_array_equal(adapter.reset(), plain.reset())
    rng = np.random.default_rng(0)
    ended = 0
    for _ in range(450):
        actions = rng.integers(10, size=3)
        obs, rewards, dones, infos = adapter.step(actions)
        obs2, rewards2, dones2, infos2 = plain.step(actions)
        np.testing.assert_array_equal(obs, obs2)
        np.testing.assert_array_equal(rewards, rewards2)
        np.testing.assert_array_equal(dones, dones2)
        for i in dones.nonzero()[0]:
            ended += 1
            np.testing.assert_array_equal(infos[i]["terminal_observation"], infos2[i]["terminal_observation"])
            assert infos[i]["TimeLimit.truncated"] == infos2[i]["TimeLimit.truncated"]
            assert infos[i]["episode"]["l"] == infos2[i]["episode"]["l"]
    assert ended >= 6


def test_the_adapter_needs_resets_in_the_same_step():
    from cookie_jar.scripts.sb3.vec_env import VectorAdapter

    with pytest.raises(ValueError, match="SAME_STEP"):
        VectorAdapter(gym.make_vec("CookieJarCorner-v0", 2, "vector_entry_point"))


def test_the_adapter_offers_what_sb3_asks_for():
    from stable_baselines3.common.monitor import Monitor

    from cookie_jar.scripts.sb3.vec_env import VectorAdapter

    make = {"vectorization_mode": "vector_entry_point", "autoreset_mode": "SAME_STEP"}
    adapter = VectorAdapter(gym.make_vec("CookieJarCorner-v0", 3, action_masks=True, **make))
    assert adapter.get_attr("render_mode") == [None] * 3
    assert adapter.env_is_wrapped(Monitor, [0, 2]) == [True, True]
    assert adapter.env_is_wrapped(gym.Wrapper) == [False] * 3
    with pytest.raises(AttributeError, match="no such method"):
        adapter.env_method("render")
    with pytest.raises(AttributeError, match="no attributes"):
        adapter.set_attr("x", 1)
    adapter.seed(0)
    adapter.reset()
    masks = adapter.env_method("action_masks")
    assert [mask.shape for mask in masks] == [(10,)] * 3
    assert all(mask.any() and not mask.all() for mask in masks)
    assert adapter.has_attr("action_masks")
    adapter.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("env_id", "policy"),
    [("CookieJarPicturesCorner-v0", "MultiInputPolicy"), ("CookieJarPicturesJar-v0", "CnnPolicy")],
)
@pytest.mark.parametrize("native", [True, False])
def test_sb3_learns_from_pictures_as_they_are(env_id, policy, native):
    from stable_baselines3 import PPO
    from stable_baselines3.common.env_util import make_vec_env

    from cookie_jar.scripts.sb3.vec_env import VectorAdapter

    if native:
        envs = VectorAdapter(gym.make_vec(env_id, 2, "vector_entry_point", autoreset_mode="SAME_STEP"))
    else:
        envs = make_vec_env(env_id, 2)
    model = PPO(policy, envs, n_steps=64, batch_size=64, n_epochs=1, seed=0, device="cpu").learn(128)
    assert model.predict(gym.make(env_id).reset(seed=0)[0])[0].shape == ()
