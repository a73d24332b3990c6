import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from cookie_jar.scripts.common import blas

SCRIPTS = Path(blas.__file__).parents[1]
REPORT = "import json, os; print(json.dumps({name: os.environ.get(name) for name in blas.VARIABLES}))"
START = {  # how a process is started: the words after `python`, and whether it is one of the programs
    "file": ([str(SCRIPTS / "card.py")], True),
    "module": (["-m", "cookie_jar.scripts.card"], True),
    "cli": (["-m", "cookie_jar.scripts.cli"], True),
    "other module": (["-m", "timeit"], False),
    "other code": (["-c", "import cookie_jar.scripts"], False),
}


def variables(**given):
    """The environment without the limits on threads, but with some variables."""
    return {name: value for name, value in os.environ.items() if name not in blas.VARIABLES} | given


def started(words, environment):
    """Return the variables in a process started with these words, before NumPy is loaded."""
    code = (
        "import sys; words = sys.argv[1:]; sys.orig_argv = ['python', *words]; sys.argv = words\n"
        "from cookie_jar.scripts.common import blas\n"
        f"assert 'numpy' not in sys.modules\n{REPORT}"
    )
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", START)
def test_the_programs_and_only_they_use_one_thread(name):
    words, program = START[name]
    expected = dict.fromkeys(blas.VARIABLES, "1" if program else None)
    assert started(words, variables()) == expected


@pytest.mark.parametrize(
    ("given", "others"),
    [({"VECLIB_MAXIMUM_THREADS": "3"}, "1"), ({"OMP_NUM_THREADS": "4"}, "4"), ({"MKL_NUM_THREADS": ""}, "1")],
)
def test_what_the_user_has_set_stays(given, others):
    found = started(START["cli"][0], variables(**given))
    assert found == dict.fromkeys(blas.VARIABLES, others) | given


def test_the_agents_leave_the_variables_alone():
    code = (
        f"import os, cookie_jar.agents, cookie_jar.envs; assert not {set(blas.VARIABLES)} & os.environ.keys()"
    )
    subprocess.run([sys.executable, "-c", code], env=variables(), check=True)


def test_only_warnings_of_matrix_products_are_ignored():
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        blas.ignore_spurious()
        for kind in ("divide by zero", "overflow", "invalid value"):
            warnings.warn(f"{kind} encountered in matmul", RuntimeWarning, stacklevel=1)
            warnings.warn(f"{kind} encountered in add", RuntimeWarning, stacklevel=1)
    assert [str(one.message).split()[-1] for one in told] == ["add"] * 3
