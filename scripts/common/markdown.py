"""Markdown of model cards: foreign text, and how to install this package."""

import re

INSTALLATION = """Install Cookie Jar in its source folder (Python 3.11 or newer), and download this model:

```bash
pip install .
pip install huggingface_hub
hf download YOUR-NAME/YOUR-MODEL --local-dir FOLDER
```"""


def plain(text: str) -> str:
    """Return one line of foreign text for Markdown, without markup and HTML."""
    return re.sub(r"([\\`*_{}\[\]<>()#|~!&$])", r"\\\1", text)
