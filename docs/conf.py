"""Configuration of the documentation site: `sphinx-build -W -b html docs build/site`."""

import os
import shutil
import sys
from importlib.metadata import version as version_of
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

# Tutorials run the command `cookie-jar` of this Python, as wide as the page and with one thread.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
os.environ |= {"COLUMNS": "88", "OPENBLAS_NUM_THREADS": "1", "SDL_VIDEODRIVER": "dummy"}
ipython = TemporaryDirectory()  # with nothing of the user's own
os.environ["IPYTHONDIR"] = ipython.name
startup = Path(ipython.name, "profile_default", "startup")
startup.mkdir(parents=True)
shutil.copy(HERE / "_ipython" / "startup.py", startup)

project = "Cookie Jar"
author = "The Cookie Jar authors"
copyright = "2026, the Cookie Jar authors"  # noqa: A001
release = version = version_of("cookie-jar")

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "command_line",
    "docstrings",
    "examples",
    "live_page",
]
exclude_patterns = ["_ext", "_ipython"]
default_role = "code"  # docstrings write code in single backticks, as Markdown does

# Without a network there are no inventories: links to other sites are made only when asked for.
intersphinx_mapping = (
    {
        "gymnasium": ("https://gymnasium.farama.org", None),
        "numpy": ("https://numpy.org/doc/stable", None),
        "python": ("https://docs.python.org/3", None),
        "stable-baselines3": ("https://stable-baselines3.readthedocs.io/en/master", None),
    }
    if os.environ.get("COOKIE_JAR_INTERSPHINX")
    else {}
)

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_in_temp = True
nb_execution_raise_on_error = True
nb_execution_timeout = 300
nb_merge_streams = True
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_attr_annotations = False  # docstrings say the shapes
napoleon_use_ivar = True
python_maximum_signature_line_length = 88
python_use_unqualified_type_names = True

html_theme = "furo"
html_title = "Cookie Jar"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_theme_options = {
    "light_css_variables": {
        "color-brand-primary": "#8a4b16",
        "color-brand-content": "#9a4f12",
        "color-api-name": "#8a4b16",
        "color-api-pre-name": "#8a4b16",
    },
    "dark_css_variables": {
        "color-brand-primary": "#f0b070",
        "color-brand-content": "#f0b070",
        "color-api-name": "#f0b070",
        "color-api-pre-name": "#f0b070",
    },
}
