"""Before a release is built, make the links of README.md absolute and add project.urls to pyproject.toml.

An index of packages shows README.md without the files beside it. Both files are changed where they are:
run this on a copy of the repository, or in a workflow.

    python .ci/addresses.py https://example.org/someone/cookie-jar v0.2.0
"""

import argparse
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"(!?)(\[[^]]*\]\()(?![a-z]+:|#)([^)\s]+\))")
SECTION = "[project.scripts]"  # project.urls stands before this


def absolute(text: str, address: str, ref: str) -> str:
    """Return the text of README.md with pictures and links that lead to files of the repository at `ref`."""
    return LINK.sub(lambda m: f"{m[1]}{m[2]}{address}/{'raw' if m[1] else 'blob'}/{ref}/{m[3]}", text)


def with_urls(text: str, address: str, ref: str) -> str:
    """Return the text of pyproject.toml with project.urls.

    Raises:
        SystemExit: There are addresses already, or no section to put them before.
    """
    if "[project.urls]" in text or text.count(SECTION) != 1:
        raise SystemExit(f"error: pyproject.toml needs {SECTION} once and no [project.urls]")
    urls = {
        "Homepage": address,
        "Documentation": f"{address}/blob/{ref}/docs/index.md",
        "Changelog": f"{address}/blob/{ref}/CHANGELOG.md",
        "Issues": f"{address}/issues",
    }
    lines = "".join(f'{name} = "{url}"\n' for name, url in urls.items())
    return text.replace(SECTION, f"[project.urls]\n{lines}\n{SECTION}")


def main() -> None:
    """Change both files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="of the repository on its public host, without a slash at the end")
    parser.add_argument("ref", help="the tag or commit that is released")
    parser.add_argument("--folder", type=Path, default=ROOT, help="with both files (default: this clone)")
    args = parser.parse_args()
    if not re.fullmatch(r"https://[\w.:/-]*[\w-]", args.address) or not re.fullmatch(r"[\w./-]+", args.ref):
        parser.error(
            "expected an address such as https://example.org/someone/cookie-jar, and a tag or commit"
        )
    for name, change in (("pyproject.toml", with_urls), ("README.md", absolute)):
        file = args.folder / name
        text = change(file.read_text(encoding="utf-8"), args.address, args.ref)
        file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
