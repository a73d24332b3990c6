"""Replays of runs with eyes: episodes with pictures, and the belief at each pick."""

from pathlib import Path

from cookie_jar.agents import runs
from cookie_jar.agents.env_spec import env_key
from cookie_jar.agents.evaluation import Evaluator
from cookie_jar.envs.cookies.pictures import TEST_PICTURES
from cookie_jar.envs.rendering.episode import EpisodeRunner
from cookie_jar.scripts.classification.seeing import has_eyes, picture_env, with_eyes
from cookie_jar.scripts.viewer.replays import ReplayedAgent


def replay_of(run: str, evaluators: dict[str | None, Evaluator]) -> ReplayedAgent:
    """Load a run or a snapshot for a replay; with eyes, its episodes have test pictures.

    Args:
        run: The run or snapshot, as given on the command line.
        evaluators: Known evaluators by environment; a new evaluator is added.

    Raises:
        AgentError: If there is no such run, or its eyes are damaged.
    """
    file = runs.memory_file(run)
    if not has_eyes(runs.read_agent(file)[1].get("notes", {})):
        return ReplayedAgent.from_run(run, evaluators)
    agent = runs.load(file)
    folder = Path(run if Path(run).exists() else run.rpartition("@")[0])
    key = env_key(agent.env)
    if key not in evaluators:
        evaluators[key] = Evaluator(agent.env)
    seeing = with_eyes(agent, folder if folder.is_dir() else folder.parent)
    env = picture_env(agent.env, pictures=TEST_PICTURES, render_mode="rgb_array")
    replay = ReplayedAgent(seeing, EpisodeRunner(env), folder.name, evaluators[key])
    replay.load_timeline(folder, file, agent)
    return replay
