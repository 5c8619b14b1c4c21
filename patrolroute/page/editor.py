"""The one night that a page edits: its dictionary, its earlier states, and what it means, worked out once a state."""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from patrolroute.base.errors import Complaint
from patrolroute.page.look import Shown, complaint_shown, look

MOST_STEPS = 200
"""Edits that can be undone."""


class StaleError(Exception):
    """An edit of a state that is no longer the night's: another window has edited it meanwhile."""


class NightEditor:
    """The night that a planner is at, with undo; every state has a number.

    Parameters
    ----------
    data
        The night's dictionary.
    folder
        Where its map lies, if that is a file.
    complaints
        What was wrong with the file that it came from; told until the next file is opened.
    """

    def __init__(self, data: Mapping[str, Any], folder: Path, complaints: tuple[Complaint, ...] = ()) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._states, self._at = [copy.deepcopy(dict(data))], 0
        self._of_file = [complaint_shown(item) for item in complaints]
        self._revision, self._looked = 1, (0, Shown())

    @property
    def data(self) -> dict[str, Any]:
        """The dictionary; nobody changes it in place."""
        return self._states[self._at]

    def edit(self, data: Mapping[str, Any], revision: int) -> None:
        """Put another state in place of one.

        Parameters
        ----------
        data
            The whole dictionary.
        revision
            The number of the state that was edited.

        Raises
        ------
        StaleError
            If that is no longer the night's.
        """
        with self._lock:
            self._require(revision)
            self._states = [*self._states[: self._at + 1], copy.deepcopy(dict(data))][-MOST_STEPS:]
            self._at = len(self._states) - 1
            self._revision += 1

    def step(self, by: int, revision: int) -> None:
        """Undo (-1) or redo (+1) an edit, if there is one.

        Parameters
        ----------
        by
            In which direction.
        revision
            As for `edit`.

        Raises
        ------
        StaleError
            As for `edit`.
        """
        with self._lock:
            self._require(revision)
            if 0 <= self._at + by < len(self._states):
                self._at += by
                self._revision += 1

    def open(self, data: Mapping[str, Any], complaints: tuple[Complaint, ...], revision: int) -> None:
        """Put the night of a file in place of this one; that can be undone too."""
        self.edit(data, revision)
        self._of_file = [complaint_shown(item) for item in complaints]

    def shown(self) -> Shown:
        """Return the night, what it means and what is wrong with it."""
        with self._lock:
            data, revision, looked = self.data, self._revision, self._looked
        if looked[0] != revision:
            looked = (revision, look(data, self.folder))
            with self._lock:
                self._looked = looked
        steps = {"can_undo": self._at > 0, "can_redo": self._at + 1 < len(self._states)}
        return {"revision": revision, "night": data, "of_file": self._of_file} | steps | looked[1]

    def _require(self, revision: int) -> None:
        if revision != self._revision:
            raise StaleError
