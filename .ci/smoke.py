"""Use every environment with the installed version of Gymnasium, which the argument names."""

import sys
import warnings

import gymnasium as gym
import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode, SyncVectorEnv

from cookie_jar.agents import PPO
from cookie_jar.envs import IDS, CookieJarVectorEnv

warnings.simplefilter("error")
assert gym.__version__ == sys.argv[1], gym.__version__

for env_id in IDS:
    env = gym.make(env_id)
    assert EnvSpec.from_json(env.spec.to_json()) == env.spec
    check_env(env.unwrapped, skip_render_check=True)
    for mode in AutoresetMode:
        vector = gym.make_vec(env_id, 3, autoreset_mode=mode)
        single = SyncVectorEnv([lambda env_id=env_id: gym.make(env_id)] * 3, autoreset_mode=mode)
        assert isinstance(vector, CookieJarVectorEnv)
        assert EnvSpec.from_json(vector.spec.to_json()) == vector.spec
        assert np.array_equal(vector.reset(seed=0)[0], single.reset(seed=0)[0])
        for actions in np.random.default_rng(0).integers(10, size=(50, 3)):
            ours, theirs = vector.step(actions), single.step(actions)
            assert all(map(np.array_equal, ours[:4], theirs[:4]))
            assert np.array_equal(ours[4]["event_id"], theirs[4]["event_id"])

PPO(gym.make("CookieJarVector-v0"), seed=0).learn(2_000)
print(f"Gymnasium {gym.__version__}: {len(IDS)} environments work")
