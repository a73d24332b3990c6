"""Arguments in suggested commands, quoted so that any shell reads them alike."""

import re
import shlex
import subprocess
import sys

PLAIN = r"[\w+=:./][\w+=:./@-]*|-[\w.:=/-]*"  # PowerShell reads commas, and @ at the start, in its own way
SPECIAL = r"[\"$`\\!%]|[^ -~]"  # within double quotes, some shells change these


def quoted(word: str) -> str:
    """Return a word as an argument that cmd.exe, PowerShell and POSIX shells read alike, where possible."""
    if re.fullmatch(PLAIN, word, re.ASCII):
        return word
    if word and not re.search(SPECIAL, word):
        return f'"{word}"'
    return subprocess.list2cmdline([word]) if sys.platform == "win32" else shlex.quote(word)
