"""Adjustments of autodoc: short types, examples in docstrings, and colons in summaries of properties."""

import re

from sphinx.domains.python import PyProperty

NDARRAY = re.compile(
    r"(?:~?numpy\.)?ndarray\[(?:~?typing\.)?(?:tuple\[(?:~?typing\.)?Any, \.\.\.\]|Any), "
    r"(?:~?numpy\.)?dtype\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\]"
)
ANNOTATED = re.compile(r"~?(?:\w+\.)*Annotated\[(.+?), ~?[\w.]+\((?:[^()]|\([^()]*\))*\)\]")
COLON = "\N{MODIFIER LETTER COLON}"  # napoleon takes what is before a plain one for the type of a property


def short(text):
    """Write array types as the source does, NDArray[float64], and annotated types without their range."""
    return text and NDARRAY.sub(r"NDArray[\1]", ANNOTATED.sub(r"\1", text))


class Property(PyProperty):
    """A property with a short type."""

    def handle_signature(self, sig, signode):
        """Shorten the type before it is parsed."""
        self.options["type"] = short(self.options.get("type"))
        return super().handle_signature(sig, signode)


def shorten_signature(app, what, name, obj, options, signature, returned):
    """Shorten the types of arguments and results."""
    return short(signature), short(returned)


def hide_colon(app, what, name, obj, options, lines):
    """Hide the colons of a property's summary from napoleon."""
    if what == "property" and lines:
        lines[0] = lines[0].replace(": ", f"{COLON} ")


def mark_examples(app, what, name, obj, options, lines):
    """Mark indented blocks as code, and the sign @ outside code as no address."""
    old, is_code = list(lines), False
    lines.clear()
    for before, line in zip(["", *old], old, strict=False):
        if line and not line.startswith(" "):
            is_code = False
        elif line and not before and lines and not is_code:
            last = next((text for text in reversed(lines) if text), " ")
            is_code = not last.startswith(" ")
            lines += ["::", ""] if is_code else []
        parts = line.split("`")
        if not is_code:
            parts[::2] = [re.sub(r"(?<=\w)@(?=\w)", r"\\@", part) for part in parts[::2]]
        lines.append("`".join(parts))


def show_colon(app, what, name, obj, options, lines):
    """Restore the colons."""
    lines[:] = [line.replace(f"{COLON} ", ": ") for line in lines]


def setup(app):
    """Connect the adjustments, before and after napoleon."""
    app.connect("autodoc-process-signature", shorten_signature)
    app.connect("autodoc-process-docstring", mark_examples, priority=300)
    app.connect("autodoc-process-docstring", hide_colon, priority=400)
    app.connect("autodoc-process-docstring", show_colon, priority=600)
    app.add_directive_to_domain("py", "property", Property, override=True)
    return {"parallel_read_safe": True}
