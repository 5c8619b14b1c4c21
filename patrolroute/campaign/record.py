"""The record of a campaign: one file that only ever grows at its end, each line with the hash of the one before.

A line is written whole and forced to the disk before anything counts as done. A line that was cut off, by a power
failure or a kill, lacks its end and is left out; a changed line breaks the chain of hashes and is told.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from patrolroute.base.errors import CampaignError, Complaint, OutputError
from patrolroute.base.files import take_lock

RECORD = "record.jsonl"
LOCK = "record.lock"

EventKind: TypeAlias = Literal["opened", "ruled", "issued", "cancelled", "recorded"]
"""What happened: the campaign begins, its file was edited, a night is issued, was not driven, was driven."""

KINDS: tuple[EventKind, ...] = ("opened", "ruled", "issued", "cancelled", "recorded")

NOTHING = "0" * 64
"""What stands in the first line for the hash of the line before."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the record.

    Parameters
    ----------
    number
        From 0.
    at
        When it was written, aware.
    kind
        What happened.
    facts
        What is to be known of it, as JSON holds it.
    before
        SHA-256 of the line before.
    """

    number: int
    at: dt.datetime
    kind: EventKind
    facts: Mapping[str, Any]
    before: str

    @property
    def line(self) -> bytes:
        """The line, its end included."""
        entries = {"number": self.number, "at": self.at.isoformat(), "event": self.kind, "before": self.before}
        text = json.dumps(entries | {"facts": dict(self.facts)}, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8") + b"\n"

    @property
    def sha256(self) -> str:
        """The hash that the next line names."""
        return hashlib.sha256(self.line).hexdigest()


@dataclass(slots=True)
class Record:
    """A campaign's record in a folder; `writing` opens it for one writer.

    Parameters
    ----------
    folder
        Where it lies.
    events
        All that happened so far.
    size
        Bytes of the lines that are whole.
    """

    folder: Path
    events: tuple[Event, ...] = ()
    size: int = 0

    @classmethod
    def read(cls, folder: Path) -> Record:
        """Read what is there; a folder without a record is one in which nothing happened yet.

        Raises
        ------
        CampaignError
            If a line was changed, or is none of this form.
        """
        path = folder / RECORD
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return cls(folder)
        except OSError as error:
            raise CampaignError(f"{path}: cannot be read: {error.strerror}") from error
        whole = content[: content.rfind(b"\n") + 1]  # what follows was cut off while it was written
        return cls(folder, tuple(_events(path, whole)), len(whole))

    @property
    def last(self) -> str:
        """The hash that the next line will name."""
        return self.events[-1].sha256 if self.events else NOTHING

    def append(self, kind: EventKind, facts: Mapping[str, Any], at: dt.datetime) -> Event:
        """Write one more line; when this returns it is on the disk.

        Parameters
        ----------
        kind
            What happened.
        facts
            What is to be known of it.
        at
            When, aware.

        Raises
        ------
        OutputError
            If it cannot be written.
        """
        event = Event(len(self.events), at, kind, facts, self.last)
        path = self.folder / RECORD
        is_new = not path.exists()
        try:
            with path.open("r+b" if not is_new else "w+b") as file:
                file.truncate(self.size)
                file.seek(self.size)
                file.write(event.line)
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                sync_folder(self.folder)
        except OSError as error:
            raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
        self.events, self.size = (*self.events, event), self.size + len(event.line)
        return event


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[Record]:
    """Open the record of a folder, which no other program writes meanwhile; a killed program lets go of it.

    Raises
    ------
    CampaignError
        If another program writes it, or it was changed.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / LOCK).open("a+b")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror or error}") from error
    with file:
        if not take_lock(file.fileno()):
            sentence = f"{folder}: another program writes this campaign; let it end first"
            raise CampaignError(Complaint(sentence))
        yield Record.read(folder)


def sync_folder(folder: Path) -> None:
    """Force to the disk which files a folder has; Windows does so by itself."""
    if os.name == "nt":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _events(path: Path, content: bytes) -> Iterator[Event]:
    before = NOTHING
    for number, line in enumerate(content.splitlines(keepends=True)):
        event = _event(path, number, line)
        if event.before != before or event.number != number:
            raise CampaignError(f"{path}: line {number + 1} does not follow the one before; the record was changed")
        before = hashlib.sha256(line).hexdigest()
        if event.line != line:
            raise CampaignError(f"{path}: line {number + 1} is not as it was written; the record was changed")
        yield event


def _event(path: Path, number: int, line: bytes) -> Event:
    try:
        entries = json.loads(line)
        at, kind, facts = dt.datetime.fromisoformat(entries["at"]), entries["event"], entries["facts"]
        event = Event(int(entries["number"]), at, kind, dict(facts), str(entries["before"]))
    except (ValueError, KeyError, TypeError) as error:
        raise CampaignError(f"{path}: line {number + 1} is no line of a record") from error
    if kind not in KINDS or at.tzinfo is None:
        raise CampaignError(f"{path}: line {number + 1} is no line of a record")
    return event
