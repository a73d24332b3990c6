"""The directive `page`: the page of `cookie-jar page`, live in a frame.

    ```{page} cookie-jar.html
    ```

The page is written into the folder of static files when the site is built.
"""

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive

from cookie_jar.scripts.webpage.build import make_page
from cookie_jar.scripts.webpage.content import make_content

HEIGHT = 900  # pixels
FRAME = (
    '<iframe title="Cookie Jar" src="{0}" style="width: 100%; height: {1}px; border: 0"></iframe>'
    '<p><a href="{0}">Open the page alone</a></p>'
)


class LivePage(Directive):
    """Show the page in a frame."""

    required_arguments = 1

    def run(self):
        """Return the frame as HTML; other builders leave it out."""
        document = self.state.document.settings.env.docname
        source = "../" * document.count("/") + f"_static/{self.arguments[0]}"
        return [nodes.raw("", FRAME.format(source, HEIGHT), format="html")]


def write_page(app, error):
    """Write the page into the built site."""
    if error is None and app.builder.format == "html":
        path = Path(app.outdir, "_static", "cookie-jar.html")
        path.write_text(make_page(make_content()), encoding="utf-8")


def setup(app):
    """Add the directive, and the page."""
    app.add_directive("page", LivePage)
    app.connect("build-finished", write_page)
    return {"parallel_read_safe": True}
