"""Use every environment with the installed version of Gymnasium."""

import warnings

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env, data_equivalence
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from cookie_jar.agents import PPO
from cookie_jar.envs import IDS, CookieJarVectorEnv

warnings.simplefilter("error")

for env_id in IDS:
    env = gym.make(env_id)
    assert EnvSpec.from_json(env.spec.to_json()) == env.spec
    check_env(env.unwrapped, skip_render_check=True)
    for mode in AutoresetMode:
        vector = gym.make_vec(env_id, 3, autoreset_mode=mode)
        single = SyncVectorEnv([lambda env_id=env_id: gym.make(env_id)] * 3, autoreset_mode=mode)
        assert isinstance(vector, CookieJarVectorEnv)
        assert EnvSpec.from_json(vector.spec.to_json()) == vector.spec
        assert data_equivalence(vector.reset(seed=0)[0], single.reset(seed=0)[0])
        for actions in np.random.default_rng(0).integers(vector.single_action_space.n, size=(50, 3)):
            ours, theirs = vector.step(actions), single.step(actions)
            assert data_equivalence(ours[0], theirs[0])
            assert all(map(np.array_equal, ours[1:4], theirs[1:4]))
            assert np.array_equal(ours[4]["event_id"], theirs[4]["event_id"])
            if mode == AutoresetMode.DISABLED and (ended := ours[2] | ours[3]).any():
                first, second = (envs.reset(options={"reset_mask": ended}) for envs in (vector, single))
                assert data_equivalence(first[0], second[0])

PPO(gym.make("CookieJarVector-v0"), seed=0).learn(2_000)
print(f"Gymnasium {gym.__version__}: {len(IDS)} environments work")
