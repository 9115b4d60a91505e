"""Lists the public API from the pages that `cargo doc --no-deps` wrote: every name with its signature, one a line.

    python3 tests/api/list.py            compares with docs/api.txt, and checks the limits
    python3 tests/api/list.py --update   writes docs/api.txt

The listing starts with the number of names (modules, types, functions, .. but not methods) and of prelude names.
"""

import argparse
import difflib
import html
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LISTING = ROOT / "docs/api.txt"
PAGES = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "doc/softness"
# The most names, and the most of them in the prelude.
NAMES, PRELUDE = 134, 45
UPDATE = "cargo doc --no-deps && python3 tests/api/list.py --update"


def text(fragment):
    """HTML as one line of text, without the documentation of fields and the notes on hidden ones."""
    fragment = re.sub(r'<details class="toggle[^>]*><summary[^>]*>.*?</summary>', "", fragment, flags=re.S)
    fragment = re.sub(r"<a[^>]*class=\"(?:src|anchor|doc-anchor)[^>]*>.*?</a>", "", fragment, flags=re.S)
    fragment = html.unescape(re.sub(r"<[^>]+>", "", fragment)).replace("\u200b", "")
    return re.sub(r"\s+", " ", fragment).replace("( ", "(").replace(", )", ")").strip()


def declaration(page):
    """What declares the item of a page."""
    found = re.search(r'<pre class="rust item-decl"><code>(.*?)</code></pre>', page, re.S)
    return text(found.group(1)) if found else ""


def methods(page):
    """Names and signatures of the methods, constants and so on in a type's own `impl` blocks."""
    start = page.find('id="implementations"')
    if start < 0:
        return
    ends = [place for place in map(page.find, ('id="trait-implementations"', 'id="synthetic-implementations"')) if place > start]
    own = page[start : min(ends, default=len(page))]
    pattern = r'<section id="(?:method|associatedconstant|associatedtype)\.([^"]+)"[^>]*>(.*?)</section>'
    for name, section in re.findall(pattern, own, re.S):
        header = re.search(r'<h4 class="code-header">(.*?)</h4>', section, re.S)
        yield re.sub(r"-\d+$", "", name), text(header.group(1))


def listing():
    """The lines of the listing, and the numbers of names and of prelude names."""
    if not (PAGES / "all.html").is_file():
        sys.exit(f"error: {PAGES} has no documentation: run `cargo doc --no-deps` first")
    every = re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', (PAGES / "all.html").read_text(encoding="utf-8"))
    lines, names = [], 0
    for link, name in every:
        page = (PAGES / link).read_text(encoding="utf-8")
        lines.append(f"{name}: {declaration(page)}")
        names += 1
        lines += [f"{name}::{method}: {signature}" for method, signature in methods(page)]
    prelude = []
    # The modules that the front page and its modules name; the files of removed modules may still be there.
    modules = [""]
    for module in modules:
        page = (PAGES / module / "index.html").read_text(encoding="utf-8")
        inner = re.findall(r'<a class="mod" href="(\w+)/index.html"', page)
        modules += [f"{module}{name}/" for name in inner]
        for exported in re.findall(r'<dt id="reexport\.[^"]*"><code>(.*?)</code>', page, re.S):
            exported = text(exported)
            lines.append(f"{module.replace('/', '::')}{exported.split('::')[-1].rstrip(';')}: {exported}")
            (prelude.append(exported) if module == "prelude/" else None)
    lines += [f"{module[:-1].replace('/', '::')}: mod" for module in modules[1:]]
    names += len(modules) - 1
    return sorted(lines), names, len(set(prelude))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true", help="write docs/api.txt")
    arguments = parser.parse_args()
    lines, names, prelude = listing()
    made = f"{names} names, {prelude} of them in the prelude too\n\n" + "\n".join(lines) + "\n"
    if arguments.update:
        LISTING.write_text(made, encoding="utf-8")
    kept = LISTING.read_text(encoding="utf-8") if LISTING.is_file() else ""
    if made != kept:
        sys.stdout.writelines(difflib.unified_diff(kept.splitlines(True), made.splitlines(True), "docs/api.txt", "the crate", n=0))
        sys.exit(f"error: the public API is not the one that docs/api.txt lists; if that is intended, run `{UPDATE}`")
    if names > NAMES or prelude > PRELUDE:
        sys.exit(f"error: {names} public names and {prelude} in the prelude; at most {NAMES} and {PRELUDE} are allowed")
    print(f"{names} public names, {prelude} in the prelude: as docs/api.txt lists them")


if __name__ == "__main__":
    main()
