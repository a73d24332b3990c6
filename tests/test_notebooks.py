"""The notebooks of the documentation run where there is no display, and keep their outputs small."""

import json
import re
import tomllib

import pytest
from needs import skip_without
from pages import ROOT

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
INSTALL = f"%pip install --quiet cookie_jar-{VERSION}-py3-none-any.whl"  # no stranger's package of this name
MOST = 200_000  # characters of an output: a page with an agent, or an episode


def cells(path):
    """The cells of code of a notebook."""
    return [
        cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_the_installation_and_is_kept_without_outputs(path):
    install, *others = cells(path)
    assert "".join(install["source"]) == INSTALL
    assert install["metadata"] == {"tags": ["skip-execution"]}  # when the documentation is built
    assert others
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in [install, *others])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the libraries that run a kernel
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_its_outputs_are_few(path, tmp_path, monkeypatch):
    skip_without("nbclient", "ipykernel")
    import nbclient
    import nbformat

    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    notebook = nbformat.read(path, 4)
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=300, resources=resources).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    printed = "".join(output["text"] for output in outputs if output["output_type"] == "stream")
    assert not re.search(r"\x1b|warning", printed, re.IGNORECASE)
    assert len(printed.splitlines()) < 50
    assert "100.0 %" in printed
    shown = [data for output in outputs for data in output.get("data", {}).items()]
    assert {name for name, _ in shown} == {"image/png", "text/html", "text/plain"}
    assert max(len(text) for _, text in shown) < MOST
    assert sum("data:image/gif" in text for _, text in shown) == 1
    assert sum(text.startswith("<iframe") for _, text in shown) == 1
