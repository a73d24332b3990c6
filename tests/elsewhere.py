"""A plugin of pytest that takes away what Windows does not have, before any file of the tests is read."""

import importlib
import os
import signal
import sys
import types

import pytest

LIBRARIES = (  # that look at the system when they are imported
    *("asyncio", "gymnasium", "http.server", "matplotlib.pyplot", "multiprocessing.shared_memory", "numba"),
    *("pebble", "PIL.Image", "pygame", "safetensors.numpy", "scipy.special", "threadpoolctl", "webbrowser"),
)
SIGNALS = (
    *("SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGPROF", "SIGQUIT", "SIGSTOP"),
    *("SIGUSR1", "SIGUSR2", "SIG_BLOCK", "SIG_SETMASK", "SIG_UNBLOCK", "ITIMER_PROF", "ITIMER_REAL"),
    *("alarm", "pause", "pthread_kill", "pthread_sigmask", "setitimer"),
)
CALLS = (
    *("O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "WNOHANG", "chown", "fork", "forkpty", "getegid", "geteuid"),
    *("getgid", "getloadavg", "getpgid", "getpgrp", "getuid", "killpg", "mkfifo", "mknod", "nice", "openpty"),
    *("posix_spawn", "sched_getaffinity", "setpgid", "setsid", "setuid", "statvfs", "sysconf", "uname"),
    *("wait4",),
)
MODULES = ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    """Take away the names, the modules, and the right to make links; say that this is Windows."""
    for name in LIBRARIES:
        importlib.import_module(name)
    for module, names in ((signal, SIGNALS), (os, CALLS)):
        for name in filter(vars(module).__contains__, names):
            delattr(module, name)
    sys.modules |= dict.fromkeys(MODULES)
    sys.modules["msvcrt"] = types.ModuleType("msvcrt")
    os.symlink = _refuse
    sys.platform = "win32"


def _refuse(*arguments, **options):
    raise OSError("a required privilege is not held by the client")
