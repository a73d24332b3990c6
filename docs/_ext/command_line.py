"""The directive `program-options`: the options of a command, generated from its argparse parser.

    ```{program-options} cookie-jar train
    ```

prints the usage and every option of `cookie_jar.scripts.train.parser()`, and of its subcommands.
"""

import argparse
import os
import re
from importlib import import_module
from unittest import mock

from sphinx.util.docutils import SphinxDirective

WIDTH = 86  # characters of a usage line


class ProgramOptions(SphinxDirective):
    """Document one program of `cookie_jar.scripts`."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self):
        """Return the nodes of the generated Markdown."""
        name = self.arguments[0].split()[-1]
        parser = import_module(f"cookie_jar.scripts.{name.replace('-', '_')}").parser()
        return self.parse_text_to_nodes("\n".join(document(parser)), allow_section_headings=False)


def document(parser, help_text=None):
    """Yield the lines of Markdown that describe a parser."""
    yield f"{escape(help_text or parser.description or '')}\n"
    with mock.patch.dict(os.environ, {"COLUMNS": str(WIDTH), "NO_COLOR": "1"}):
        usage = parser.format_usage().removeprefix("usage: ").rstrip()
    usage = re.sub(r"(--(\w+) ){[^}]{80,}}", lambda match: match[1] + match[2].upper(), usage)
    yield f"```none\n{re.sub(r'(?m)^ {7}', '', usage)}\n```\n"
    subcommands = []
    for group in parser._action_groups:
        actions = [action for action in group._group_actions if is_shown(action)]
        subcommands += [a for a in actions if isinstance(a, argparse._SubParsersAction)]
        actions = [a for a in actions if not isinstance(a, argparse._SubParsersAction)]
        if not actions:
            continue
        if group.title not in ("options", "positional arguments"):
            yield f"**{escape(group.title.capitalize())}**\n"
            if group.description:
                yield f"{escape(sentence(group.description))}\n"
        for action in actions:
            yield from describe(action, parser)
    if parser.epilog:
        example = parser.epilog.removeprefix("example: ")
        yield f"{escape(parser.epilog)}\n" if example == parser.epilog else f"Example: `{example}`\n"
    for action in subcommands:
        helps = {choice.dest: choice.help for choice in action._choices_actions}
        for name, subparser in action.choices.items():
            yield f"```{{rubric}} {subparser.prog}\n:heading-level: 3\n```\n"
            yield from document(subparser, sentence(helps[name]))


def is_shown(action):
    """Whether an action belongs in the reference."""
    return action.help != argparse.SUPPRESS and not isinstance(action, argparse._HelpAction)


def describe(action, parser):
    """Yield a definition-list entry for one option or positional argument."""
    formatter = parser._get_formatter()
    formatter._width = 10_000
    if action.option_strings:
        value = "" if action.nargs == 0 else formatter._format_args(action, action.dest.upper())
        names = [f"{name} {value}".strip() for name in action.option_strings]
    else:
        names = [formatter._format_args(action, action.metavar or action.dest)]
    yield ", ".join(f"`{name}`" for name in names)
    yield f": {escape(formatter._expand_help(action))}\n"


def sentence(text):
    """The text with a capital letter and a full stop."""
    text = (text or "").strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", ")")) else ".")


def escape(text):
    """The text with Markdown's own characters made plain; code spans stay, and options become some."""
    text = re.sub(r"(?<![\w`-])--[\w-]+", r"`\g<0>`", " ".join(text.split()))  # no typographic dashes
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(p if p.startswith("`") else re.sub(r"([*_<>\[\]#|])", r"\\\1", p) for p in parts)


def setup(app):
    """Add the directive."""
    app.add_directive("program-options", ProgramOptions)
    return {"parallel_read_safe": True}
