"""The rows of the benchmark, in their order."""

from collections.abc import Callable
from functools import partial

from cookie_jar.agents import PPO, ActorCritic, ExpectedSarsa, QLearning, Reinforce, Sarsa
from cookie_jar.scripts.benchmarks import environments, learning, models, rendering
from cookie_jar.scripts.benchmarks.timing import Measurement, Scale

GRADIENTS = Reinforce, ActorCritic, PPO

MEASUREMENTS: tuple[Callable[[Scale], Measurement], ...] = (
    environments.single_environment,
    models.import_time,
    partial(models.compile_time, "home"),
    partial(models.compile_time, "house"),
    partial(models.table_memory, "home"),
    partial(models.table_memory, "house"),
    models.solve_time,
    environments.new_level,
    environments.against_sync,
    environments.against_envpool,
    partial(environments.many, 16_384),
    partial(environments.drawing_actions, 16_384),
    partial(environments.many, 16_384, env_id="CookieJarClumsy-v0"),
    partial(environments.many, 4_096, env_id="CookieJarRandom-v0", observation="factors", levels=(0, 99)),
    partial(environments.many, 1_024, observation="factors"),
    partial(environments.many, 1_024, observation="grid"),
    partial(environments.many, 1_024, observation="pixels"),
    rendering.pictures,
    rendering.moving_pictures,
    partial(learning.tabular, QLearning),
    partial(learning.tabular, Sarsa),
    partial(learning.tabular, ExpectedSarsa),
    learning.tabular_with_bar,
    partial(learning.tabular, QLearning, use_model=False),
    partial(learning.against_sb3, same=True),
    partial(learning.against_sb3, same=False),
    *(partial(learning.gradient, kind) for kind in GRADIENTS),
    *(partial(learning.time_to_solve, kind) for kind in GRADIENTS),
)
