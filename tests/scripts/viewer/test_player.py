import numpy as np
import pytest
from needs import CLIFF
from windows import ALL, make_view

from cookie_jar.agents import PPO, ImportedPolicy, QLearning
from cookie_jar.envs.rendering import episode
from cookie_jar.envs.rendering.frame import ACTS_PER_SECOND
from cookie_jar.envs.rendering.overlay import Overlay
from cookie_jar.scripts.common.value_scale import optimal_action_values
from cookie_jar.scripts.viewer.player import Player
from cookie_jar.scripts.viewer.replays import ReplayedAgent


def make_player(*names, shown=ALL):
    return make_view(*names, shown=shown).player


class Predictor:
    """An agent that can do nothing but `predict`, as others' are."""

    def predict(self, observation, deterministic=True):
        return np.zeros(np.shape(observation), np.int64), None


def test_at_the_end_of_an_episode_the_next_one_starts(corner_run):
    player, seeds = make_player(corner_run), []
    for _ in range(200):
        player.advance(0.05)
        seeds.append(player.seed)
    assert seeds == sorted(seeds)
    assert set(seeds) == {0, 1, 2}  # seven acts and the pauses take 4.4 seconds


def test_agents_side_by_side_have_their_own_time(corner_run):
    player = make_player(f"{corner_run}@0", corner_run)
    assert [replay.steps for replay in player.replays] == [0, 5000]
    assert player.last == 200
    player.head.time = 50.0
    assert [player.place_in(replay) for replay in player.replays] == [(50, 1.0), (7, 1.0)]
    player.head.time = 50.3
    assert player.place_in(player.replays[0]) == (51, pytest.approx(0.3 / 0.6))


def test_snapshots_of_the_selected_agent(corner_run):
    player = make_player(corner_run, corner_run)
    player.do("first")
    assert [replay.steps for replay in player.replays] == [5000, 0]
    player.do("later")
    assert player.replay.steps == 100
    player.do("select")
    player.do("earlier")
    assert player.replay is player.replays[0]
    assert 2000 < player.replay.steps < 5000
    player.do("last")
    assert player.replay.steps == 5000


def test_a_snapshot_is_shown_from_the_start(corner_run):
    player = make_player(corner_run)
    player.head.time = 3.0
    player.do("later")  # there is none
    assert player.head.time == 3.0
    player.do("first")
    assert player.head.place(player.last) == (0, 1.0)


def test_without_snapshots_a_notice_says_so(corner_memory):
    player = make_player(corner_memory)
    player.do("first")
    assert "no snapshots" in player.notice.text
    player.advance(10)
    assert player.notice.text == ""


def test_an_overlay_that_is_not_available_says_so(corner_run):
    player = make_player(corner_run)
    player.do("probabilities")
    assert player.notice.text == "probabilities: not available for this agent, which has no probabilities"
    assert "probabilities" not in player.shown


def test_arrows_and_probabilities_exclude_each_other(tmp_path):
    PPO("CookieJarCorner-v0", seed=0).learn(100).save(tmp_path / "agent")
    player = make_player(tmp_path, shown={"panel"})
    for name, shown in (("arrows", {"arrows"}), ("probabilities", {"probabilities"}), ("arrows", {"arrows"})):
        player.do(name)
        assert player.shown == {"panel"} | shown
    player.do("arrows")
    assert player.shown == {"panel"}


def test_overlays_follow_the_snapshot(corner_run):
    player = make_player(corner_run)
    player.head.time = 2.0
    known = player.overlay(0)
    assert np.isfinite(known.values).any()
    player.show_snapshot(0)
    player.head.time = 2.0
    unknown = player.overlay(0)
    assert np.isnan(unknown.values).all()
    assert unknown.unsure.any()
    assert (unknown.acts == -1).all()


def test_one_scale_for_all_snapshots_and_moments_of_a_run(corner_run):
    player, scales = make_player(corner_run), set()
    for number in (0, 3, -1):
        player.show_snapshot(number % len(player.replay.timeline.steps))
        for time in (0.0, 3.0, 5.0):
            player.head.time = time
            scales.add(player.overlay(0).scale)
    assert scales == {player.scale}
    assert player.scale.low <= 0
    assert player.scale.high >= optimal_action_values(player.replay.episode.world).max()


def test_runs_side_by_side_share_a_scale(corner_run, tmp_path):
    agent = QLearning("CookieJarCorner-v0", seed=0)
    agent.q_table[0] = -7.0
    agent.save(tmp_path / "agent")
    player = make_player(corner_run, tmp_path)
    assert player.overlay(0).scale == player.overlay(1).scale == player.scale
    assert player.scale.low == -7


def test_values_beyond_the_scale_widen_it(corner_run):
    player = make_player(corner_run)
    first = player.overlay(0)
    player.replay.agent.q_table[0] = 50.0
    player.refresh()
    assert player.overlay(0).scale == (first.scale[0], 50)
    player.replay.agent.q_table[0] = 0.1
    player.refresh()
    assert player.overlay(0).scale == (first.scale[0], 50)


def test_after_the_end_only_the_trail_is_shown(corner_run):
    player = make_player(corner_run)
    player.head.time = 6.3
    assert player.overlay(0).acts is not None
    player.head.time = 7.0
    overlay = player.overlay(0)
    assert overlay == Overlay(trail=overlay.trail)
    player.shown.discard("trail")
    assert player.overlay(0) is None


def test_an_overlay_is_computed_once(corner_run):
    player = make_player(corner_run)
    player.head.time = 2.2
    overlay = player.overlay(0)
    player.head.time = 2.5
    assert player.overlay(0) is overlay
    player.refresh()
    assert player.overlay(0) is not overlay


def test_the_trail_grows(corner_run):
    player = make_player(corner_run)
    for time, trail in ((0.0, [0]), (2.0, [0, 1, 1]), (3.0, [0, 1, 1, 0])):
        player.head.time = time
        assert list(player.overlay(0).trail) == trail


def test_levels_show_the_values_of_the_current_kitchen(tmp_path):
    PPO("CookieJarRandom-v0", seed=0, net_arch=(8,), filters=2, n_envs=4, n_steps=16).learn(64).save(
        tmp_path / "agent"
    )
    player, kitchens = make_player(tmp_path), set()
    for _ in range(3):
        shown = player.replay.episode
        kitchens.add(shown.world.config.kitchen)
        obs, cell = np.asarray(shown.time_steps[0].obs)[None], shown.time_steps[0].frame.state.child
        expected = player.replay.probe.state_values(obs)[0]
        assert player.overlay(0).values[cell] == pytest.approx(expected, rel=1e-4, abs=1e-6)
        player.do("other")
    assert len(kitchens) == 3


def test_whatever_has_predict_can_be_watched(corner_run):
    known = make_player(corner_run).replay
    player = Player([ReplayedAgent(Predictor(), known.runner, "foreign", known.evaluator)], 0, 1, ALL)
    player.head.time = 3.0
    assert player.overlay(0).values is None
    assert player.overlay(0).acts[0] == 0
    assert player.offered == {"arrows", "trail", "panel"}


def test_an_imported_policy_has_probabilities_but_no_values(tmp_path):
    ImportedPolicy("CookieJarCorner-v0", algorithm="PPO", net_arch=(4,), seed=0).save(tmp_path / "agent")
    player = make_player(tmp_path, shown={"values", "probabilities"})
    assert player.offered == {"arrows", "probabilities", "trail", "panel"}
    assert player.overlay(0).values is None
    assert np.isfinite(player.overlay(0).arrows).any()
    player.do("values")
    assert player.notice.text == "values: not available for this agent, which has no values of states"


def test_other_environments_have_no_overlays(tmp_path, monkeypatch):
    monkeypatch.setattr(episode, "MAX_ACTS", 30)  # walking along the cliff has no time limit
    QLearning(CLIFF, seed=0).learn(100).save(tmp_path / "agent")
    player = make_player(tmp_path)
    assert player.last <= 30
    assert player.offered == {"panel"}
    assert player.overlay(0) is None
    player.do("values")
    assert player.notice.text == "values: in kitchens only"


def test_an_agent_that_only_bumps_is_cut_off(tmp_path):
    path = QLearning("CookieJarCorner-v0", seed=0).save(tmp_path / "agent")
    assert make_player(path).last == 200


def test_the_second_turn_of_a_loop_is_announced(tmp_path):
    path = QLearning("CookieJarCorner-v0", seed=0).save(tmp_path / "agent")
    player = make_player(path)
    player.advance(1.3 / ACTS_PER_SECOND)
    assert player.notice.text == ""
    player.advance(1.0 / ACTS_PER_SECOND)
    assert player.notice.text == "act 1 repeats until act 200, happiness -2.00"
