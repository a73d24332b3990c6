import shutil

import pytest
import yaml

from cookie_jar.scripts import card
from cookie_jar.scripts.common.console import run


@pytest.fixture
def folder(trained, tmp_path):
    """A copy of a run, because its card is written into it."""
    shutil.copytree(trained("corner"), tmp_path / "a")
    return tmp_path / "a"


def test_a_card_has_the_exact_scores(folder, capsys):
    assert run(card.main, [str(folder)]) == 0
    assert f"wrote {folder / card.CARD_FILE}" in capsys.readouterr().out
    text = (folder / card.CARD_FILE).read_text()
    header = yaml.safe_load(text.split("---\n")[1])
    [result] = header["model-index"][0]["results"]
    assert [metric["value"] for metric in result["metrics"]] == [1.45, 1.0]
    assert "| optimum | 1.4500 |" in text
    assert "100.00 % of the episodes are successful. An episode takes 7.00 actions on average." in text


def test_a_card_without_an_optimum_leaves_it_out(trained, tmp_path):
    assert run(card.main, [trained("cart"), "-o", str(tmp_path / "card.md")]) == 0
    text = (tmp_path / "card.md").read_text()
    assert "| random |" in text
    assert "optimum" not in text
    assert "successful" not in text


def test_the_hub_reads_the_card(folder):
    hub = pytest.importorskip("huggingface_hub")
    run(card.main, [str(folder)])
    data = hub.ModelCard.load(folder / card.CARD_FILE).data
    assert (data.library_name, data.pipeline_tag) == ("cookie-jar", "reinforcement-learning")
    [reward, success] = data.eval_results
    assert (reward.dataset_name, reward.metric_type) == ("CookieJarCorner-v0", "mean_reward")
    assert success.metric_value == 1.0


def test_an_edited_card_is_kept_under_another_name(folder, capsys):
    card.main([str(folder)])
    written = (folder / card.CARD_FILE).read_text()
    (folder / card.CARD_FILE).write_text(written.replace("Trained", "Well trained"))
    card.main([str(folder)])
    assert "renamed the edited" in capsys.readouterr().out
    assert (folder / card.CARD_FILE).read_text() == written
    assert "Well trained" in (folder / "README.old.md").read_text()


def test_another_readme_is_kept(folder, refuse):
    (folder / card.CARD_FILE).write_text("my notes")
    assert "is not a model card and was not changed" in refuse(card.main, [str(folder)])
    assert (folder / card.CARD_FILE).read_text() == "my notes"
    card.main([str(folder), "-o", str(folder / "card.md")])
    assert "Trained for" in (folder / "card.md").read_text()


def test_a_run_is_needed(refuse):
    assert "RUN: expected the folder of a run, got nowhere" in refuse(card.main, ["nowhere"])
