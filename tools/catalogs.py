"""Bring the translations of the Sphinx extension up to date with its texts, and compile them.

    python tools/catalogs.py          write the catalogs
    python tools/catalogs.py --check  write nothing; the exit status is 1 if one is not up to date

The compiled catalogs are kept with the sources, so that a wheel needs no further step to have them.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

PASSING = (
    '"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Language-Team',
    '"Generated-By', '"Report-Msgid-Bugs-To', "#\n",
)  # fmt: skip
EXTENSION = Path(__file__).parents[1] / "nbpull_links" / "sphinx_ext"


def texts() -> Catalog:
    """Collect the texts of the extension."""
    catalog = Catalog(project="nbpull")
    for file, line, message, comments, context in extract_from_dir(
        str(EXTENSION), method_map=[("words.py", "python")], comment_tags=("NOTE:",)
    ):
        catalog.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return catalog


def read(po: Path, template: Catalog) -> Catalog:
    """Read a catalog as it should be: every text of the extension, and no other."""
    with po.open("rb") as file:
        catalog = read_po(file, locale=po.parts[-3])
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def write(catalog: Catalog, po: Path) -> None:
    """Write a catalog and its compiled form."""
    text = io.BytesIO()
    write_po(text, catalog, no_location=True, width=0)
    lines = text.getvalue().decode().splitlines(keepends=True)
    # Dates and versions of tools would change the file without a change of its content.
    kept = [line for line in lines if not line.startswith(PASSING)]
    po.write_text("".join(kept).lstrip(), "utf-8")
    with po.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def translations(catalog: Catalog) -> dict[str, str]:
    """Give the texts of a catalog with their translations."""
    return {str(message.id): str(message.string) for message in catalog if message.id}


def problems(po: Path, template: Catalog) -> list[str]:
    """Say what is wrong with a catalog and its compiled form."""
    wanted = translations(read(po, template))
    with po.open("rb") as file:
        written = translations(read_po(file))
    mo = po.with_suffix(".mo")
    with mo.open("rb") if mo.is_file() else io.BytesIO() as file:
        binary = translations(read_mo(file)) if mo.is_file() else {}
    untranslated = [f"not translated: {text}" for text, found in wanted.items() if not found]
    same = written == wanted == binary
    return untranslated + ([] if same else ["not up to date; run python tools/catalogs.py"])


def main(arguments: list[str]) -> int:
    """Write or check every catalog."""
    template, wrong = texts(), False
    for po in sorted((EXTENSION / "locale").glob("*/LC_MESSAGES/nbpull.po")):
        if "--check" not in arguments and problems(po, template):
            write(read(po, template), po)
        for problem in problems(po, template):
            wrong = True
            print(f"{po.parts[-3]}: {problem}")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
