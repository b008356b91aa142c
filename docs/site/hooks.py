"""Lets the site have pages and files from outside docs/, so that one link works on the repository host and here.

A link is written relative to its file, as everywhere in the repository. This hook adds each file that a page links to, follows the links of
those that are Markdown, and rewrites every link to where its target is on the site. A link to a folder leads to the folder's README, or to a
list of its files. MkDocs then checks every link and anchor, and `mkdocs build --strict` fails at the first that is broken.
"""

import posixpath
import re
from pathlib import Path

from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parents[2]
DOCS = "docs/"
HOME = "README.md"

FENCE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(r"(\]\(\s*<?)([^)\s>]+)")


def on_config(config):
    """Replaces `folder/` in the navigation by the pages of that folder, and `*/README.md` by that of every module."""
    config.nav = _expanded(config.nav)
    return config


def _expanded(item):
    if isinstance(item, dict):
        return {title: _expanded(value) for title, value in item.items()}
    if isinstance(item, list):
        return [entry for value in item for entry in _entries(value)]
    return item


def _entries(item):
    if not isinstance(item, str):
        return [_expanded(item)]
    if item.endswith("/"):  # README first, then by name; a folder that does not exist yet has no page
        names = [path.name for path in (ROOT / DOCS / item).glob("*.md")]
        return [item + name for name in sorted(names, key=lambda name: (name != HOME, name))]
    if "*" in item:
        return sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(item))
    return [item]


def _leaves(item):
    if isinstance(item, str):
        return [item]
    return [leaf for value in (item.values() if isinstance(item, dict) else item) for leaf in _leaves(value)]


def on_files(files, config):
    """Adds the files outside docs/ that the navigation names, and those that a page links to."""
    pages = [DOCS + file.src_uri for file in files if file.is_documentation_page()]
    waiting = pages + [leaf for leaf in _leaves(config.nav) if DOCS + leaf not in pages and (ROOT / leaf).is_file()]
    seen = set(waiting)
    while waiting:
        source = waiting.pop()
        if not source.startswith(DOCS):
            files.append(_added(config, source))
        for target in _targets(source) if source.endswith(".md") else []:
            page = _page_of(target)
            if page in seen or target.startswith(DOCS) or not (ROOT / target).exists():
                continue
            more = [page]
            if not (ROOT / page).exists():
                files.append(File.generated(config, page, content=_list_of(target)))
                more = [name for name in _names(target) if name not in seen]
            waiting += more
            seen.update([page, *more])
    return files


def _added(config, source):
    return File.generated(config, source, abs_src_path=str(ROOT / source))


def on_page_markdown(markdown, page, config, files):
    source = page.file.src_uri if _is_outside(page.file) else DOCS + page.file.src_uri

    def rewritten(match):
        target, anchor = _split(match[2])
        if not _is_ours(target):
            return match[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if not (ROOT / path).exists():
            return match[0]
        uri = _page_of(path).removeprefix(DOCS)
        return match[1] + posixpath.relpath(uri, posixpath.dirname(page.file.src_uri) or ".") + anchor

    return _outside_code(markdown, lambda text: LINK.sub(rewritten, text))


def _is_outside(file):
    return file.generated_by is not None


def _targets(source):
    """The files of this repository that a page links to, relative to its root."""
    found = []
    _outside_code((ROOT / source).read_text(), lambda text: found.extend(LINK.findall(text)) or text)
    for _, link in found:
        target, _ = _split(link)
        if _is_ours(target):
            yield posixpath.normpath(posixpath.join(posixpath.dirname(source), target))


def _split(link):
    target, _, anchor = link.partition("#")
    return target, "#" + anchor if anchor else ""


def _is_ours(target):
    return target != "" and "://" not in target and not target.startswith(("/", "mailto:"))


def _page_of(path):
    return posixpath.join(path, HOME) if (ROOT / path).is_dir() else path


def _names(folder):
    return sorted(posixpath.join(folder, path.name) for path in (ROOT / folder).iterdir() if path.is_file())


def _list_of(folder):
    lines = [f"- [{posixpath.basename(name)}]({posixpath.basename(name)})" for name in _names(folder)]
    return f"# {folder}\n\n" + "\n".join(lines) + "\n"


def _outside_code(markdown, change):
    """Applies a change to what is neither a fenced block nor a code span."""

    def outside(pattern, text, inner):
        parts, end = [], 0
        for match in pattern.finditer(text):
            parts += [inner(text[end : match.start()]), match[0]]
            end = match.end()
        return "".join(parts + [inner(text[end:])])

    return outside(FENCE, markdown, lambda text: outside(CODE, text, change))
