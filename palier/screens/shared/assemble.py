"""Join the style sources of `styles/` into the one file that is served, without comments or spare spaces.

`python -m palier.screens.shared.assemble` writes `static/palier/palier.css`; a test compares the two.
The sources stay small and readable; the browser asks for one file.
"""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "styles"
TARGET = HERE / "static" / "palier" / "palier.css"


def _shrink(text: str) -> str:
    """Drop comments and the spaces that CSS does not read. Strings of ours hold no double space."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    # Not before a colon: `a :focus` and `a:focus` differ. Not around + - * /: calc() needs its spaces.
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r":\s+(?=[^{}]*[;}])", ":", text)
    return text.replace(";}", "}").strip()


def assemble() -> str:
    """The served stylesheet: every source in the order of its number."""
    return "".join(_shrink(path.read_text(encoding="utf-8")) for path in sorted(SOURCES.glob("*.css"))) + "\n"


if __name__ == "__main__":
    TARGET.write_text(assemble(), encoding="utf-8")
