"""``patrolroute serve``: it says the address, answers there, ends with Ctrl-C; what is wrong is said in a sentence."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from patrolroute.cli.commands import main
from patrolroute.night.run import bundled_night
from patrolroute.page.server import desk_of
from tests.page.served import Client

pytest.importorskip("starlette", reason="the extra page brings it")


@contextmanager
def started(*options: str, folder: Path | None = None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the command, and stop it whatever happens; ``folder``: for what it writes while it runs."""
    command = [sys.executable, "-m", "patrolroute", "serve", "--no-browser", *options]
    env = os.environ | ({} if folder is None else {"TMPDIR": str(folder)})
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8", env=env) as process:
        assert process.stderr is not None
        told = ""
        while "token" not in told and process.poll() is None:
            told += process.stderr.readline()
        try:
            yield process, told
        finally:
            process.kill()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_it_is_answered_at_the_address_that_is_said_until_ctrl_c():
    with started("--lang", "en", str(bundled_night())) as (process, told):
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", told)
        assert found is not None
        with desk_of(None, "en") as desk:
            client = Client(int(found[1]), found[2], desk)
        assert client.ask("GET", "/words").json["lang"] == "en"
        assert len(client.ask("GET", "/night").json["night"]["depots"]) == 8
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has none of these signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_terminal_that_is_closed_leaves_nothing_behind(tmp_path: Path, name: str):
    if signal.getsignal(getattr(signal, name)) is signal.SIG_IGN:
        pytest.skip(f"whoever started the tests has {name} ignored, as nohup does, and what they start inherits it")
    with started("--lang", "zh", folder=tmp_path) as (process, told):
        assert "已打开" not in told
        assert told.startswith("请在浏览器中打开")
        assert list(tmp_path.iterdir()) != []
        process.send_signal(getattr(signal, name))
        assert process.wait(timeout=60) == 0
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_night_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["serve", "--no-browser", str(tmp_path / "night.toml")]) == 2
    assert "没有这个文件" in capsys.readouterr().err
    (tmp_path / "night.toml").write_text("date = “", encoding="utf-8")
    assert main(["serve", "--no-browser", "--lang", "en", str(tmp_path / "night.toml")]) == 2
    assert "Chinese punctuation" in capsys.readouterr().err


def test_a_map_beside_a_night_is_refused(capsys: pytest.CaptureFixture[str]):
    assert main(["serve", "--no-browser", "--map", "town.osm", str(bundled_night())]) == 2
    assert "--map 只用于空白方案" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["65536", "-1", "x", "١"])
def test_what_is_no_port_is_refused(port: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["serve", f"--port={port}"])
    assert "is not a port" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["serve", "--no-browser", "--lang", "zh"]) == 2
    assert "pip install 'patrolroute[page]'" in capsys.readouterr().err
