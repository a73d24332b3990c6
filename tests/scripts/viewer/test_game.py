import gymnasium as gym
import pytest

from cookie_jar.agents import QLearning
from cookie_jar.envs import Action
from cookie_jar.scripts.viewer.game import Game, Score, free_name, rules, verdict

STORY = [
    *(Action.RIGHT, Action.CHAIR, Action.LEFT, Action.CHAIR, Action.CLIMB, Action.REACH),
    Action.PICK_MIDDLE,
]


def make_game(env_id="CookieJarCorner-v0", agent=None, **options):
    return Game(lambda: gym.make(env_id, render_mode="rgb_array", **options), agent, 0)


def play(game, actions):
    for action in actions:
        assert game.act(action)


def test_the_story():
    game = make_game()
    play(game, STORY)
    assert game.ended
    assert game.episode.actions == tuple(STORY)
    you, best = game.scores()
    assert (you.name, you.acts) == ("you", 7)
    assert (best.name, best.acts) == ("optimum", pytest.approx(7))
    assert [you.happiness, best.happiness] == pytest.approx([1.45, 1.45])


def test_undo_brings_back_what_was_there_with_the_same_luck():
    game = make_game("CookieJarClumsy-v0")
    play(game, [Action.RIGHT, Action.UP] * 10)
    before = game.time_steps.copy()
    game.act(Action.RIGHT)
    assert game.undo()
    assert [step.frame for step in game.time_steps] == [step.frame for step in before]
    undone = 0
    while game.undo():
        undone += 1
    assert (undone, len(game.time_steps)) == (20, 1)


def test_undo_after_the_end_goes_on():
    game = make_game()
    play(game, STORY)
    assert not game.act(Action.UP)
    assert game.undo()
    assert not game.ended
    assert game.act(Action.PICK_LEFT)
    assert game.time_step.reward == -0.5


def test_an_agent_is_asked_and_compared_with():
    agent = QLearning("CookieJarCorner-v0", seed=0).learn(5_000)
    game = make_game(agent=agent)
    game.act(Action.RIGHT)
    advice = game.ask()
    assert advice.values == tuple(agent.q_table[game.time_step.obs])
    assert (advice.probabilities, advice.label) == (False, "QLearning")
    you, learner, best = game.scores()
    assert (you.happiness, learner.acts) == (-0.01, 7)
    assert learner.happiness == pytest.approx(best.happiness)


def test_the_optimal_policy_can_be_asked_in_any_kitchen():
    game = make_game("CookieJarRandom-v0")
    while not game.ended:
        values = game.ask().values
        game.act(values.index(max(values)))
    you, best = game.scores()
    assert you.happiness == pytest.approx(best.happiness)


def test_an_agent_without_values_has_no_advice():
    class Predictor:
        def predict(self, observation, deterministic=True):
            return 0, None

    assert make_game(agent=Predictor()).ask() is None


def test_advice_says_what_the_agent_does_not_know():
    agent = QLearning("CookieJarCorner-v0", seed=0)
    game = make_game(agent=agent)
    assert not game.ask().known
    agent.q_table[game.time_step.obs, Action.LEFT] = 0.5
    advice = game.ask()
    assert advice.known
    assert advice.tried == tuple(action == Action.LEFT for action in Action)


def test_the_verdict_compares_with_the_optimum():
    best = Score("optimum", 1.45, 7)
    assert verdict([Score("you", 1.45 + 1e-12, 7), best]) == "as good as the optimum"
    assert verdict([Score("you", 1.2, 7), Score("agent", 1.45, 7), best]) == "0.25 below the optimum"
    assert verdict([Score("you", 1.5, 5), best]) == "0.05 above the optimum"
    mean = Score("optimum", 1.2, 8.4)
    assert verdict([Score("you", 1.45, 7), mean]) == "0.25 above the mean of the optimum"
    assert (best.words, mean.words) == ("optimum, 7 acts", "optimum, 8.4 acts on average")


@pytest.mark.parametrize(
    ("env", "options", "words"),
    [
        ("CookieJarCorner-v0", {"likes": "plain"}, ["the plain cookie", "-0.01", "+0.5", "200 acts"]),
        ("CookieJarCorner-v0", {"clumsiness": 0.25, "hints": True}, ["0.25", "warmer"]),
        ("CookieJarCorner-v0", {"happiness": {"act": -0.125}}, ["Each act counts -0.125"]),
        ("CookieJarPicturesJar-v0", {}, ["a disliked cookie -0.5"]),
    ],
)
def test_the_rules_are_those_of_the_kitchen(env, options, words):
    game = make_game(env, **options)
    lines = " ".join(rules(game.world, game.horizon))
    assert all(word in lines for word in words)
    assert ("in vain" in lines) == (env == "CookieJarCorner-v0")


def test_a_new_start_forgets_the_episode():
    game = make_game()
    game.act(Action.RIGHT)
    game.start(5)
    assert (game.seed, len(game.time_steps), game.ended) == (5, 1, False)


def test_a_free_name_overwrites_nothing(tmp_path):
    path = tmp_path / "episode.json"
    names = []
    for _ in range(3):
        names.append(free_name(path))
        names[-1].write_text("")
    assert [name.name for name in names] == ["episode.json", "episode-2.json", "episode-3.json"]
