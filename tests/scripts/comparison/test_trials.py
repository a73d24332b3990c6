import json

import pytest
from before import BEFORE
from trials import record

from cookie_jar.scripts.comparison.trials import EvaluationPoint, Trial, TrialRecord, failed

KEPT = (BEFORE / "comparison" / "records.jsonl").read_text().splitlines()


def test_the_key_of_a_trial_is_that_of_earlier_versions():
    """Finished trials are recognised by it; the file beside the saved agent holds it."""
    for line in KEPT:
        trial = TrialRecord.from_json(line).trial
        folder = BEFORE / "comparison" / "runs" / f"cookie-jar-corner-{trial.algorithm}-{trial.seed}"
        assert (folder / "cell").read_text() == trial.key


def test_a_key_differs_when_anything_differs():
    trial = Trial("E-v0", "ppo", 3, 100, {"learning_rate": 0.1})
    changes = {"env_id": "F-v0", "algorithm": "sarsa", "seed": 4, "timesteps": 101, "settings": {}}
    changes |= {"n_evaluations": 99, "variant": "x"}
    keys = {trial.key, *(trial._replace(**{name: value}).key for name, value in changes.items())}
    assert len(keys) == 1 + len(Trial._fields)


def test_records_have_the_keys_of_earlier_versions():
    for line in KEPT:
        new, kept = json.loads(TrialRecord.from_json(line).to_json()), json.loads(line)
        assert new == kept
        assert list(new) == list(kept)
        assert list(new["cell"]) == list(kept["cell"])


def test_a_record_survives_its_line():
    trial = Trial("E-v0", "ppo", 3, 100, {"learning_rate": 0.1}, 7, "learning_rate=0.1")
    points = [EvaluationPoint(100, 0.0, 0.0, -1.5, -2.0, 0.1, 9.0)]
    whole = TrialRecord(trial, points, -2.0, 1.0, "exact", 5_000_000, 0.5, "Python")
    assert TrialRecord.from_json(whole.to_json()) == whole
    assert TrialRecord.from_json(failed(trial, "why").to_json()).error == "why"


def test_scores_lie_between_random_and_optimum():
    known = TrialRecord(Trial("E-v0", "ppo", 0, 1, {}), [], -2.0, 1.0)
    assert [known.scale(value) for value in (-2.0, -0.5, 1.0)] == [0, 50, 100]
    assert known._replace(optimum=None).scale(17.0) == 17.0


@pytest.mark.parametrize(
    "change",
    [
        *({"checks": []}, {"checks": 3}, {"random": "x"}, {"how": 1}, {"more": 1}, {"cell": 3}),
        *({"cell": {"contender": "nobody"}}, {"cell": {"settings": 3}}, {"cell": {"seed": "0"}}),
    ],
)
def test_invalid_records_are_refused(change):
    data = json.loads(record([0, 1]).to_json())
    for name, value in change.items():
        data[name] = data[name] | value if isinstance(value, dict) else value
    with pytest.raises((ValueError, KeyError, TypeError)):
        TrialRecord.from_json(json.dumps(data))


@pytest.mark.parametrize("line", ["", "3", "[]", "{}", '{"cell": {}}', "null"])
def test_lines_that_hold_no_record_are_refused(line):
    with pytest.raises((ValueError, KeyError, TypeError)):
        TrialRecord.from_json(line)
