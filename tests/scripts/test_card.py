import pytest
import yaml

from cookie_jar.scripts import card, train
from cookie_jar.scripts.common.console import run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    parent = tmp_path_factory.mktemp("runs")
    options = ["--env", "CookieJarCorner-v0", "--timesteps", "4000", "--name", "a", "--run-dir", str(parent)]
    assert run(train.main, options) == 0
    return parent / "a"


def test_a_card_has_the_exact_figures(folder, capsys):
    assert run(card.main, [str(folder)]) == 0
    text = (folder / card.CARD_FILE).read_text()
    header = yaml.safe_load(text.split("---\n")[1])
    [result] = header["model-index"][0]["results"]
    assert [metric["value"] for metric in result["metrics"]] == [1.45, 1.0]
    assert "| optimum | 1.4500 |" in text
    assert run(card.main, [str(folder / "nothing")]) == 2
    assert "expected the folder of a run" in capsys.readouterr().err


def test_the_hub_reads_the_card(folder):
    hub = pytest.importorskip("huggingface_hub", reason="huggingface_hub is not installed")
    run(card.main, [str(folder)])
    data = hub.ModelCard.load(folder / card.CARD_FILE).data
    assert data.library_name == "cookie-jar"
    [reward, success] = data.eval_results
    assert (reward.dataset_name, reward.metric_type) == ("CookieJarCorner-v0", "mean_reward")
    assert success.metric_value == 1.0
