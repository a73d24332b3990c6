import pytest

from cookie_jar.scripts.diagnosis import checks
from cookie_jar.scripts.diagnosis.findings import NOTE, OK, PROBLEM
from cookie_jar.scripts.diagnosis.probe import Outcome
from cookie_jar.scripts.diagnosis.requirements import Requirement, Requirements

HIDDEN = "WrongPygameError: drawing: expected pygame-ce, found pygame 2.6.1, which has the same import name"
GOOD = {name: Outcome("/nowhere") for name in ("numba cache", "matplotlib cache")}


@pytest.fixture
def installed(monkeypatch):
    """A function that pretends that these versions are installed, and nothing else."""

    def pretend(**versions):
        found = {name.replace("_", "-"): version for name, version in versions.items()}
        monkeypatch.setattr(checks, "installed", found.get)
        monkeypatch.setattr("cookie_jar.scripts.diagnosis.requirements.installed", found.get)

    return pretend


def test_each_library_that_does_not_fit_is_a_problem_with_a_command(installed):
    installed(numpy="2.1.0", rich="13.7", safetensors="0.8.0", scipy="1.2")
    bounds = {"numpy": ">=2.0", "rich": ">=13.7", "safetensors": "!=0.8.0", "scipy": ">=1.13", "pebble": ""}
    needed = Requirements(">=3.11", tuple(Requirement(*item) for item in bounds.items()), {})
    found = list(checks.libraries(needed, {"rich": Outcome(error="ImportError: x")}))
    problems = {finding.name: finding.found for finding in found if finding.status == PROBLEM}
    assert problems.keys() == {"rich", "safetensors", "scipy", "pebble"}
    assert "cannot be imported; ImportError: x" in problems["rich"]
    assert all("pip install" in finding.advice for finding in found if finding.status == PROBLEM)
    assert [finding.found for finding in found if finding.status == OK] == ["numpy 2.1.0"]


@pytest.mark.parametrize(
    ("versions", "error", "statuses"),
    [
        ({"pygame_ce": "2.5"}, None, []),
        ({"pygame_ce": "2.5", "pygame": "2.6"}, None, [NOTE]),
        ({"pygame_ce": "2.5", "pygame": "2.6"}, HIDDEN, [PROBLEM]),
        ({"pygame_ce": "2.5"}, HIDDEN, [PROBLEM]),
        ({"pygame_ce": "2.5"}, "ImportError: libSDL", []),
    ],
)
def test_the_two_pygames_are_told_apart(installed, versions, error, statuses):
    installed(**versions)
    found = list(checks.pygames(Outcome(error=error)))
    assert [finding.status for finding in found] == statuses
    assert all("uninstall -y pygame pygame-ce; then: " in finding.advice for finding in found)


def test_an_extra_says_its_command_and_what_it_is_for(installed):
    installed(stable_baselines3="2.9.2", ray="2.1")
    extras = {"sb3": ("stable-baselines3", ">=2.9"), "cluster": ("ray", ">=2.40"), "video": ("av", "")}
    needed = Requirements("", (), {name: (Requirement(*item),) for name, item in extras.items()})
    sb3, cluster, video = checks.extras(needed)
    assert (sb3.status, sb3.found) == (OK, "stable-baselines3 2.9.2")
    assert (cluster.status, cluster.found) == (NOTE, "ray 2.1 (needs >=2.40)")
    assert (video.status, video.found) == (NOTE, "av is not installed")
    assert "MP4" in video.advice.upper()
    assert "[video]" in video.advice


def test_a_folder_that_is_not_writable_stops_training(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not any(finding.blocks for finding in checks.folders(GOOD))
    monkeypatch.setattr(checks, "not_writable", lambda folder: "Read-only file system")
    found = {finding.name: finding for finding in checks.folders(GOOD)}
    assert found["folder"].blocks
    assert found["numba cache"].status == found["matplotlib cache"].status == NOTE
    assert "NUMBA_CACHE_DIR" in found["numba cache"].advice
    assert list(tmp_path.iterdir()) == []


def test_without_a_display_training_works():
    found = checks.display(Outcome(""))
    assert (found.status, found.blocks) == (NOTE, False)
    assert "Training needs no display" in found.advice
    assert checks.display(Outcome("yes")).status == OK
    assert checks.display(Outcome(error="ImportError: x")).status == PROBLEM


def test_training_that_fails_blocks():
    assert checks.training(Outcome(error="ValueError: x")).blocks
    assert checks.training(Outcome("5,000 steps")).status == OK
