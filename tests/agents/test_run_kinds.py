import classifier_runs
import pytest

from cookie_jar.agents import AgentError, QLearning, runs
from cookie_jar.agents.run_kinds import AGENT, CLASSIFIER, run_kind


def test_the_kind_of_a_run_follows_from_its_file(tmp_path):
    classifier_runs.finished_run(tmp_path / "classifier", "data")
    QLearning("CookieJarCorner-v0", seed=0).save(tmp_path / "agent" / runs.AGENT_FILE)
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / runs.AGENT_FILE).write_text("nothing")
    kinds = [run_kind(tmp_path / name) for name in ("classifier", "agent", "damaged", "none")]
    assert kinds == [CLASSIFIER, AGENT, None, None]


def test_a_classifier_is_not_loaded_as_an_agent(tmp_path):
    folder = classifier_runs.finished_run(tmp_path / "run", "data")
    with pytest.raises(AgentError, match="got the classifier SoftmaxClassifier; use the programs `cookies`"):
        runs.load(folder)
