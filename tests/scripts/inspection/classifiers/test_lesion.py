import re

from PIL import Image

from cookie_jar.scripts import memory
from cookie_jar.scripts.common.console import run


def test_a_lesion_ends_with_one_answer_for_all(classifiers, views, tmp_path, capsys):
    png = tmp_path / "lesion.png"
    memory.main(["lesion", str(classifiers("features")), "--draws", "3", "--png", str(png)])
    view, out = views("features"), capsys.readouterr().out
    assert re.search(rf" 0% +{100 * view.scores().accuracy:.1f} % ", out)
    view.set_parameters(0 * view.parameters())
    assert re.search(rf"100% +{100 * view.scores().accuracy:.1f} % ", out)
    text = " ".join(out.split())
    assert "20 pictures of the validation part; means over 3 independent draws" in text
    assert "of the mean, by Student's t" in text
    with Image.open(png) as figure:
        assert figure.format == "PNG"


def test_a_lesion_needs_the_data_set(lost, capsys):
    assert run(memory.main, ["lesion", str(lost)]) == 2
    assert "expected the folder of a data set" in capsys.readouterr().err
