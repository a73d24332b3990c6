import re

import yaml
from classifier_runs import finished_run, write_small_dataset

from cookie_jar.agents import load_classifier
from cookie_jar.agents.run_files import CARD_FILE
from cookie_jar.scripts import card
from cookie_jar.scripts.common.console import run


def test_the_card_says_the_scores_of_the_best_epoch(tmp_path, capsys):
    dataset, split = write_small_dataset(tmp_path / "data")
    folder = finished_run(tmp_path / "run", tmp_path / "data")
    card.main([str(folder)])
    text = (folder / CARD_FILE).read_text()
    best = load_classifier(folder / "best.safetensors")
    accuracy = best.score(dataset.pictures[split.validation], dataset.labels[split.validation])
    assert f"| validation | 20 | {100 * accuracy:.1f} % |" in text
    assert 'load_classifier("FOLDER/best.safetensors")' in text
    [example] = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    capsys.readouterr()
    exec(example.replace("FOLDER", folder.as_posix()), {})
    assert len(re.findall(r"\d\.\d*", capsys.readouterr().out)) == len(best.classes_)
    header = yaml.safe_load(text.split("---")[1])
    [result] = header["model-index"][0]["results"]
    assert result["metrics"] == [{"type": "accuracy", "value": round(accuracy, 6), "name": "accuracy"}]
    finished_run(folder, tmp_path / "data")  # the card described an earlier state
    assert not (folder / CARD_FILE).exists()


def test_without_the_data_set_no_card_is_written(lost, capsys):
    assert run(card.main, [str(lost)]) == 2
    assert "expected the folder of a data set" in capsys.readouterr().err
    assert not (lost / CARD_FILE).exists()
