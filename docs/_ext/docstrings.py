"""Adjustments of autodoc: short array types, and summaries of properties that contain a colon."""

import re

from sphinx.domains.python import PyProperty

NDARRAY = re.compile(
    r"(?:~?numpy\.)?ndarray\[(?:~?typing\.)?(?:tuple\[(?:~?typing\.)?Any, \.\.\.\]|Any), "
    r"(?:~?numpy\.)?dtype\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\]"
)
COLON = "\N{MODIFIER LETTER COLON}"  # napoleon takes what is before a plain one for the type of a property


def short(text):
    """Write array types as the source does: NDArray[float64]."""
    return text and NDARRAY.sub(r"NDArray[\1]", text)


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


def show_colon(app, what, name, obj, options, lines):
    """Restore the colons."""
    lines[:] = [line.replace(f"{COLON} ", ": ") for line in lines]


def setup(app):
    """Connect the adjustments, before and after napoleon."""
    app.connect("autodoc-process-signature", shorten_signature)
    app.connect("autodoc-process-docstring", hide_colon, priority=400)
    app.connect("autodoc-process-docstring", show_colon, priority=600)
    app.add_directive_to_domain("py", "property", Property, override=True)
    return {"parallel_read_safe": True}
