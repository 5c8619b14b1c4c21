"""OSM files of every form, opened: unpacked within bounds, looked at, and what is wrong with them in one sentence."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError, iterparse

from patrolroute.base.errors import LONGEST_VALUE, Complaint, MapError
from patrolroute.base.files import foreign, read_bytes, unpacked
from patrolroute.network.osm.overpass import has_more, plain, whole_id

OSM_FORMS = (".osm", ".osm.gz", ".osm.bz2", ".osm.pbf")

HEAD = 4096
"""Bytes from ``<osm`` on within which a file says what it is."""

MOST_SAID = 100
"""Letters of what a file holds that a sentence repeats."""

BROKEN = (RuntimeError, OSError, ValueError, LookupError, OverflowError, MemoryError, ParseError)
"""What pyosmium and the standard library's parser raise of a damaged file; what is no text in UTF-8 is a ValueError."""

_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s|<\?.*?\?>|<!--.*?-->)*+<([^\s/>!]+)", re.DOTALL)
_STOPPED = re.compile(rb"<remark>([^<]*error[^<]*)</remark>")
"""What Overpass writes when time or memory runs out."""

_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")
_UNFINISHED = ("no element found", "unclosed token", "partial character", "unclosed CDATA section")
"""What the parser says of XML that ends too early."""

_PARSER = re.compile(r"XML parsing error at (line \d+, column \d+): (.*)", re.DOTALL)
_NO_ID = re.compile(r"illegal id: (.*)", re.DOTALL)
_NO_DEGREES = re.compile(r"wrong format for coordinate: '(.*)'", re.DOTALL)
_MORE_THAN_DEGREES = re.compile(r"characters after coordinate: '(.*)'", re.DOTALL)


def digest_of(path: Path) -> str:
    """Return the hash of a file's content, read in blocks.

    Raises
    ------
    MapError
        If it is missing, a folder, unreadable or empty.
    """
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            is_empty = file.tell() == 0
    except FileNotFoundError as cause:
        raise MapError(Complaint(f"{path}: there is no such file", "no_file", f"{path}：没有这个文件")) from cause
    except OSError as cause:
        what = "is a folder, not a file" if path.is_dir() else f"cannot be read: {cause.strerror or cause}"
        raise MapError(f"{path}: {what}") from cause
    if is_empty:
        raise MapError(f"{path}: the file is empty")
    return digest


@dataclass(frozen=True, slots=True)
class OsmFile:
    """An OSM file to be read.

    Parameters
    ----------
    path
        The file; named in complaints.
    xml
        The content of XML, unpacked and looked at by `xml_of`; None for ``.osm.pbf``, which is read from disk.
    has_more
        Whether the XML holds what only Overpass writes; see `patrolroute.network.osm.overpass`.
    """

    path: Path
    xml: bytes | None = None
    has_more: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "has_more", self.xml is not None and has_more(self.xml))

    @property
    def head(self) -> bytes:
        """What XML says of itself: the first bytes from its outermost element on, comments before it left out."""
        return head_of(self.xml or b"")

    def read(self, kinds: Any) -> Any:
        """Return a pyosmium reader of some kinds of things: nodes, ways, relations."""
        import osmium

        if self.xml is None:
            return osmium.FileProcessor(osmium.io.File(self.path, "pbf"), kinds)
        content = plain(self.xml) if self.has_more else self.xml
        return osmium.FileProcessor(osmium.io.FileBuffer(content, "osm"), kinds)


def open_osm(path: Path) -> OsmFile:
    """Return a file of any form, ready to be read.

    Raises
    ------
    MapError
        If it is missing, empty, or no OSM XML though its name says so; see `xml_of`.
    """
    if path.name.lower().endswith(".pbf"):
        digest_of(path)
        return OsmFile(path)
    return OsmFile(path, xml_of(read_bytes(path), path))


def xml_of(stored: bytes, path: Path) -> bytes:
    """Unpack the content of ``.osm``, ``.osm.gz`` or ``.osm.bz2``, and look at what must hold before it is read.

    Raises
    ------
    MapError
        If it cannot be unpacked or unpacks without end, is not OSM XML, or has a DOCTYPE.
    """
    content = unpacked(stored, path)
    root = _ROOT.match(content)
    has_doctype = b"<!DOCTYPE" in content
    if b"\0" in content or (root is None and not (has_doctype and b"<osm" in content)):
        # XML cannot hold a zero byte: this is UTF-16, or no text at all
        if _JSON.match(content):
            raise MapError(f"{path}: is not OSM XML; it is JSON: ask Overpass for [out:xml]")
        what = foreign(content)
        raise MapError(f"{path}: is not OSM XML; it is {what}" if what else f"{path}: is not OSM XML")
    if has_doctype:
        raise MapError(f"{path}: has a DOCTYPE, which OSM XML does not need; it is not read")
    if root is not None and root[1] != b"osm":
        outermost = tidy(root[1][:LONGEST_VALUE].decode(errors="replace"))
        raise MapError(f"{path}: is not a map in OSM XML: its outermost element is <{outermost}>, not <osm>")
    if found := _STOPPED.search(content):
        why = tidy(found[1].decode(errors="replace"))
        raise MapError(f"{path}: the map is incomplete, for the server stopped before all was written: {why}")
    return content


def head_of(content: bytes) -> bytes:
    """Return the first bytes of XML from its outermost element on; a comment before it may be long."""
    root = _ROOT.match(content)
    start = 0 if root is None else root.start(1) - 1
    return content[start : start + HEAD]


def with_ids(reader: Any, ids: AbstractSet[int]) -> Any:
    """Return a pyosmium reader that gives the things with these ids, and perhaps others."""
    import osmium

    if ids and min(ids) < 0:  # the filter knows no ids of an editor
        return reader
    return reader.with_filter(osmium.filter.IdFilter(ids))


def deleted_in(file: OsmFile) -> set[tuple[str, int]]:
    """Return type and id of what an editor marked as deleted in XML, which pyosmium does not look at."""
    if file.xml is None or not re.search(rb"action\s*=\s*[\"']delete", file.xml):
        return set()
    deleted = set()
    for _, element in iterparse(io.BytesIO(file.xml)):  # noqa: S314 - entities need a DOCTYPE, and that is refused
        if element.get("action") == "delete":
            deleted.add((element.tag, whole_id(element)))
        if element.tag in ("node", "way", "relation"):
            element.clear()
    return deleted


@contextmanager
def damage_told(file: OsmFile) -> Iterator[None]:
    """Turn what pyosmium raises of a damaged file into one sentence.

    Raises
    ------
    MapError
        If the file is damaged or cut off.
    """
    import osmium

    try:
        yield
    except MapError:
        raise
    except (*BROKEN, osmium.InvalidLocationError) as error:
        raise MapError(f"{file.path}: {_damage(file, str(error) or type(error).__name__)}") from error


def _damage(file: OsmFile, error: str) -> str:
    """Return in one sentence what pyosmium found wrong with a file."""
    if file.xml is None:
        return f"the file is damaged or cut off: {tidy(error)}"
    if any(text in error for text in _UNFINISHED):
        return "the file is cut off: it does not end with </osm>"
    if found := _NO_ID.fullmatch(error):
        return f"id {tidy(found[1])} is not a whole number, as OpenStreetMap's are"
    if found := _NO_DEGREES.fullmatch(error):
        return f"a node lies nowhere on earth: {tidy(found[1])!r} are no degrees"
    if found := _MORE_THAN_DEGREES.fullmatch(error):
        return f"a node lies nowhere on earth: {tidy(found[1])!r} stands behind its degrees"
    reason = _PARSER.sub(r"\2: \1", error)
    return f"the OSM XML is damaged: {tidy(reason)}"


def tidy(text: str) -> str:
    """Return a text of a file on one line, cut where it is longer than anybody reads."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return line if len(line) <= MOST_SAID else f"{line[:MOST_SAID]}…"
