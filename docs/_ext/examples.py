"""Python examples with prompts are doctests, so that `sphinx-build -b doctest` runs them."""

from docutils import nodes
from sphinx.transforms import SphinxTransform


class MarkExamples(SphinxTransform):
    """Mark every Python block that starts with a prompt for sphinx.ext.doctest."""

    default_priority = 400

    def apply(self, **kwargs):
        """Mark the blocks of one page."""
        for block in self.document.findall(nodes.literal_block):
            if block.get("language") == "python" and block.astext().startswith(">>> "):
                block["testnodetype"], block["groups"], block["options"] = "doctest", ["default"], {}


def setup(app):
    """Add the transform."""
    app.add_transform(MarkExamples)
    return {"parallel_read_safe": True}
