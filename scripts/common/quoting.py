"""Arguments in suggested commands, quoted so that any shell reads them alike."""

import os
import re
import shlex
import subprocess
import sys

PLAIN = r"[\w+=:./][\w+=:./@-]*|-[\w.:=/-]*"  # PowerShell reads commas, and @ at the start, in its own way
SPECIAL = r"[\"$`\\!]|[^ -~]"  # within double quotes, some shells change these
APOSTROPHES = "'\u2018\u2019\u201a\u201b"  # all end a text in PowerShell


def quoted(word: str) -> str:
    """Return a word as an argument that cmd.exe, PowerShell and POSIX shells read alike, where possible.

    Where no way of writing it serves all of them, the word is written for the shell that is running.
    """
    windows = sys.platform == "win32"
    text = word.replace("\\", "/") if windows else word  # there, a backslash is a character of paths
    if re.fullmatch(PLAIN, text, re.ASCII):
        return word
    in_cmd = windows and "PROMPT" in os.environ  # set by cmd.exe alone
    if in_cmd and re.search("%.+%", text):  # else cmd.exe replaces the names of variables
        return '"' + text.replace("%", '"^%"') + '"'
    if text and not re.search(SPECIAL, text):
        return f'"{word}"'
    if not windows:
        return shlex.quote(word)
    if in_cmd:
        return subprocess.list2cmdline([word])
    return "'" + re.sub(f"[{APOSTROPHES}]", r"\g<0>\g<0>", word) + "'"
