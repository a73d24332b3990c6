import shutil
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest

from cookie_jar.agents import ConvClassifier, MemoryFileError, QLearning, load
from cookie_jar.agents.ranking import Ranking
from cookie_jar.agents.run_files import AGENT_FILE, EYES_FILE
from cookie_jar.envs import draw_pictures
from cookie_jar.scripts import memory, train, watch
from cookie_jar.scripts.classification import seeing as seeing_module
from cookie_jar.scripts.classification.eyes import Eyes, SeeingAgent
from cookie_jar.scripts.classification.seeing import expected_return, play, state_env, with_eyes
from cookie_jar.scripts.classification.seeing_replay import replay_of
from cookie_jar.scripts.common.console import run

CORNER = "CookieJarPicturesCorner-v0"


@pytest.fixture(scope="module", autouse=True)
def few_pictures_and_episodes():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seeing_module, "TEST_SIZE", 300)
        patch.setattr(seeing_module, "EPISODES", 50)
        yield


@pytest.fixture(scope="module")
def eyes(tmp_path_factory):
    """The file of a mediocre classifier."""
    pictures = draw_pictures(np.arange(600))
    classifier = ConvClassifier(seed=0, epochs=3).fit(pictures.pictures, pictures.kinds)
    return classifier.save(tmp_path_factory.mktemp("eyes") / "agent")


@pytest.fixture(scope="module")
def seeing_run(eyes, tmp_path_factory):
    """The folder of a run with eyes; tests leave it as it is."""
    parent = tmp_path_factory.mktemp("runs")
    words = ["--env", CORNER, "--eyes", str(eyes), "--timesteps", "30000", "--run-dir", str(parent)]
    assert run(train.main, [*words, "--name", "seeing"]) == 0
    return parent / "seeing"


def test_a_run_has_a_copy_of_its_eyes(seeing_run, eyes):
    assert (seeing_run / EYES_FILE).read_bytes() == eyes.read_bytes()
    agent = load(seeing_run)
    assert type(agent) is QLearning
    assert agent.env.spec.kwargs["observation"] == "state"
    assert agent.notes["eyes"]["run"] == str(eyes)
    assert isinstance(with_eyes(agent, seeing_run), SeeingAgent)


def test_training_prints_the_happiness_from_the_ranking_and_from_play(eyes, tmp_path, capsys):
    words = ["--env", CORNER, "--eyes", str(eyes), "--timesteps", "2000", "--run-dir", str(tmp_path)]
    assert run(train.main, words) == 0
    printed = capsys.readouterr().out
    assert "from the ranking of the pictures" in printed
    assert "played, 50 episodes" in printed


def test_play_agrees_with_the_ranking(seeing_run):
    """The difference has a standard error of at most 0.006: the error probability of 4.5 of them is 7e-6."""
    agent = load(seeing_run)
    seeing = with_eyes(agent, seeing_run)
    ranking = seeing.eyes.ranking(1_500)
    formula = expected_return(seeing, agent.env, ranking, 200)
    played = play(seeing, agent.env, 200, 600)
    assert ranking.wrong_picks < 0.5  # blind: 1
    assert abs(formula.mean - played.mean) < 4.5 * np.hypot(formula.error, played.error)
    assert play(seeing, agent.env, 200, 600) == played


def test_perfect_sight_reaches_the_optimum_and_each_wrong_pick_costs_a_disliked_cookie(seeing_run):
    agent = load(seeing_run)
    seeing = with_eyes(agent, seeing_run)
    assert expected_return(seeing, agent.env, Ranking(0.0, 0.0), 200).mean == pytest.approx(1.45)
    expected = expected_return(seeing, agent.env, Ranking(0.5, 0.1), 200)
    assert expected == pytest.approx((1.45 - 0.25, 0.05))


def test_a_resumed_run_keeps_its_eyes(eyes, tmp_path, capsys):
    words = ["--env", CORNER, "--eyes", str(eyes), "--timesteps", "500", "--run-dir", str(tmp_path)]
    assert run(train.main, [*words, "--name", "x"]) == 0
    before = load(tmp_path / "x").notes["eyes"]
    capsys.readouterr()
    assert run(train.main, ["--resume", str(tmp_path / "x"), "--timesteps", "500"]) == 0
    assert "With the classifier" in capsys.readouterr().out
    assert load(tmp_path / "x").notes["eyes"] == before
    assert run(train.main, ["--env", "CookieJarCorner-v0", *words[4:], "--name", "x", "--overwrite"]) == 0
    assert not (tmp_path / "x" / EYES_FILE).exists()


@pytest.mark.parametrize("damage", ["gone", "other"])
def test_a_run_with_damaged_eyes_is_not_trained_further(seeing_run, inside, refuse, damage):
    shutil.copytree(seeing_run, "x")
    Path("x", EYES_FILE).unlink()
    if damage == "other":
        Path("x", EYES_FILE).write_bytes(b"x")
    before = Path("x", AGENT_FILE).read_bytes()
    assert EYES_FILE in refuse(train.main, ["--resume", "x", "--timesteps", "500"])
    assert Path("x", AGENT_FILE).read_bytes() == before


def test_damaged_or_foreign_eyes_are_refused(seeing_run, tmp_path):
    agent = load(seeing_run)
    (tmp_path / EYES_FILE).write_bytes(b"x")
    with pytest.raises(MemoryFileError, match="expected the classifier that the run was made with"):
        with_eyes(agent, tmp_path)
    (tmp_path / EYES_FILE).unlink()
    with pytest.raises(Exception, match=EYES_FILE):
        with_eyes(agent, tmp_path)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--env", CORNER], "shows the cookies as pictures: add --eyes RUN"),
        (["--env", "CookieJarCorner-v0", "--eyes", "EYES"], "--eyes: expected an environment with pictures"),
        (["--env", CORNER, "--eyes", "nothing"], "nothing: expected the folder of a run"),
        (["--env", CORNER, "--eyes", "EYES", "--agent", "ppo"], "--eyes: expected an agent with a Q-table"),
        (["--env", CORNER, "--eyes", "EYES", "--no-shuffle-cookies"], "leave out --no-shuffle-cookies"),
        (["--env", "CookieJarPicturesJar-v0", "--eyes", "EYES"], "expected an environment with pictures"),
        (["--env", CORNER, "--eyes", "RUN"], "expected one of the classifiers"),
        (["--resume", "RUN", "--eyes", "EYES"], "leave out --eyes"),
    ],
)
def test_wrong_options_end_in_one_line(words, message, eyes, seeing_run, inside, refuse):
    names = {"EYES": str(eyes), "RUN": str(seeing_run)}
    assert message in refuse(train.main, [names.get(word, word) for word in words])
    assert list(Path().iterdir()) == []


def test_a_replay_shows_pictures_and_beliefs(seeing_run):
    replay = replay_of(str(seeing_run), {})
    assert (replay.name, replay.steps) == ("seeing", 30_000)
    replay.start(0)
    last = replay.episode.last
    assert replay.jar_view(0, 1.0) is None
    view = replay.jar_view(last, 0.0)
    assert sum(view.belief) == pytest.approx(1)
    assert replay.episode.time_steps[last].action == 7 + view.pick
    assert replay.show_snapshot(0)
    assert replay.steps == 0


def test_watch_and_memory_work_on_a_run_with_eyes(seeing_run, inside, capsys):
    assert run(watch.main, [str(seeing_run), "--save", "x.png", "--overlays", "values,arrows,trail"]) == 0
    assert Path("x.png").stat().st_size > 1_000
    assert run(memory.main, ["show", str(seeing_run)]) == 0


def test_other_runs_are_replayed_as_before(corner_run):
    assert type(replay_of(str(corner_run), {}).agent) is QLearning


def test_the_state_environment_has_the_options_of_the_pictures():
    env = gym.make(CORNER, likes="raisin", pictures=(5, 10))
    kwargs = state_env(env).spec.kwargs
    assert (kwargs["likes"], kwargs["observation"]) == ("raisin", "state")
    assert "pictures" not in kwargs


@pytest.mark.slow
def test_the_corner_is_played_within_2_percent_of_the_optimum():
    """The target: at least 1.43 of 1.45, from the ranking and in play, for the default network.

    Measured with two networks: 1.442 and 1.446 from the ranking, standard error 0.001; 1.440 and 1.444 in
    play, standard error 0.0016: 1.43 is six standard errors away. Play and formula agree within three
    standard errors (error probability 0.003 for a new seed; the seed is fixed).
    """
    pictures = draw_pictures(np.arange(5_000))
    classifier = ConvClassifier(seed=0).fit(pictures.pictures, pictures.kinds)
    env = state_env(gym.make(CORNER))
    agent = QLearning(env, seed=0).learn(100_000)
    seeing = SeeingAgent(agent, Eyes(classifier, 1), env.unwrapped.world)
    formula = expected_return(seeing, env, seeing.eyes.ranking(5_000), 200)
    played = play(seeing, env, 200, 2_000)
    assert min(formula.mean, played.mean) > 1.43
    assert abs(formula.mean - played.mean) < 3 * np.hypot(formula.error, played.error)
