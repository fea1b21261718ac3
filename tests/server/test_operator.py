"""What an operator decides: which repositories, beside which peer, under which address."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from jupyter_core.paths import ENV_CONFIG_PATH
from jupyter_server.config_manager import BaseJSONConfigManager
from jupyter_server.extension.manager import ExtensionPackage

import nbpull_server
from classroom import Teacher
from jupyter_process import running_server


@pytest.fixture(scope="module")
def upstream(tmp_path_factory):
    place = tmp_path_factory.mktemp("upstream")
    return {
        name: Teacher(place / name / "course", {"a.ipynb": "{}"}) for name in ("good", "new", "bad")
    }


@pytest.fixture(scope="module")
def strict(tmp_path_factory, upstream):
    """A server beside nbgitpuller that knows good repositories, new ones and bad ones."""
    place = upstream["good"].directory.parents[1]
    config = {
        "NbPull": {
            "protocols": ["file"],
            "allow": [f"file://{place}/good/*"],
            "ask": [f"file://{place}/new/*"],
            "deny": [f"file://{place}/bad/*"],
        },
        "GitPuller": {"depth": 0},
    }
    with running_server(
        tmp_path_factory.mktemp("strict"),
        extensions=("nbpull_server", "nbgitpuller"),
        config=config,
        environment={"NBGITPULLER_PARENTPATH": "classes/spring", "NBGITPULLER_APP": "lab"},
    ) as server:
        yield server


def test_a_repository_that_is_allowed_is_pulled(strict, upstream):
    answer = strict.program().get(f"git-pull/api?repo={quote(upstream['good'].url)}")
    assert answer.events[-1] == {"phase": "finished"}
    assert (strict.root / "classes" / "spring" / "course" / "a.ipynb").is_file()


def test_a_repository_that_is_denied_is_not(strict, upstream):
    client, url = strict.program(), upstream["bad"].url
    page = client.get(f"git-pull?repo={quote(url)}")
    assert (page.status, page.facts["error"]["code"]) == (403, "repo-denied")
    answer = client.post("nbpull/api/syncs", {"repo": url, "confirmed": True})
    assert (answer.status, answer.json["code"]) == (403, "repo-denied")
    stream = client.get(f"git-pull/api?repo={quote(url)}")
    assert stream.events[-1]["error"]["reason"]["code"] == "repo-denied"


def test_a_repository_to_ask_about_waits_for_a_yes(strict, upstream):
    client, url = strict.browser(), upstream["new"].url
    page = client.get(f"git-pull?repo={quote(url)}")
    assert (page.status, page.facts["decision"], page.facts["repo"]) == (200, "ask", url)
    fields = {"repo": url, "targetpath": "new"}
    answer = client.post("nbpull/api/syncs", fields)
    assert (answer.status, answer.json["code"], answer.json["who"]) == (403, "ask-first", "you")
    stream = client.get(f"git-pull/api?repo={quote(url)}&targetpath=new&confirmed=true")
    assert stream.events[-1]["error"]["reason"]["code"] == "ask-first"
    place = strict.root / "classes" / "spring" / "new"
    assert not place.exists()
    for odd in ("true", 1, "yes"):
        assert client.post("nbpull/api/syncs", {**fields, "confirmed": odd}).status == 403
    started = client.post("nbpull/api/syncs", {**fields, "confirmed": True})
    assert started.status == 201
    assert client.get(started.json["events"]).events[-1]["state"] == "finished"
    assert place.is_dir()


def test_what_is_in_no_list_is_denied(strict):
    page = strict.program().get("git-pull?repo=file:///elsewhere/course")
    assert page.facts["error"]["code"] == "repo-denied"


def test_what_nbgitpuller_reads_is_heeded(strict, upstream):
    upstream["good"].publish({"b.ipynb": "{}"})
    client = strict.program()
    client.get(f"git-pull/api?repo={quote(upstream['good'].url)}&targetpath=whole")
    assert not (strict.root / "classes/spring/whole/.git/shallow").exists()
    page = client.get(f"git-pull?repo={quote(upstream['good'].url)}&targetpath=whole")
    assert page.facts["workspace"] == "classes/spring/whole"
    assert page.facts["landing"]["file"] == "classes/spring/whole"


def is_ours(client):
    return "nbpull/static" in client.get("git-pull?repo=file:///x").text


def test_beside_nbgitpuller_nbpull_answers_and_says_so_once(strict):
    assert is_ours(strict.program())
    assert strict.log.count("nbgitpuller is enabled as well") == 1


def test_it_answers_too_where_nbgitpuller_was_loaded_last(tmp_path, upstream):
    # Extensions load by name; this one loads nbgitpuller after everything else.
    late = tmp_path / "zz_late_peer.py"
    late.write_text(
        "from nbgitpuller import _load_jupyter_server_extension\n"
        "def _jupyter_server_extension_points():\n"
        "    return [{'module': 'zz_late_peer'}]\n"
    )
    with running_server(
        tmp_path / "server",
        extensions=("nbpull_server", "zz_late_peer"),
        config={"NbPull": {"protocols": ["file"]}},
        environment={"PYTHONPATH": str(tmp_path)},
    ) as server:
        client = server.program()
        assert is_ours(client)
        stream = client.get(f"git-pull/api?repo={quote(upstream['good'].url)}&branch=absent")
        assert stream.events[-1]["error"]["reason"]["code"] == "ref-not-found"
        assert client.get("git-sync?repo=x").status == 302
        assert client.get("interact?repo=x").status == 302


def test_without_nbpull_nbgitpuller_answers_again(tmp_path):
    with running_server(tmp_path / "server", extensions=("nbgitpuller",)) as server:
        page = server.program().get("git-pull?repo=file:///x")
        assert page.status == 200
        assert "nbpull" not in page.text
        assert "git-pull/static/dist/bundle.js" in page.text


def test_the_extension_is_enabled_by_the_installation():
    place = Path(ENV_CONFIG_PATH[0]) / "jupyter_server_config.d"
    installed = BaseJSONConfigManager(config_dir=str(place)).get("nbpull")
    assert installed["ServerApp"]["jpserver_extensions"] == {"nbpull_server": True}
    package = ExtensionPackage(name="nbpull_server", enabled=True)
    assert package.validate()
    assert package.version == nbpull_server.__version__


def test_a_wrong_setting_stops_the_server_and_is_named(tmp_path):
    options = ["--allow-root", "--no-browser", "--port=0", f"--ServerApp.root_dir={tmp_path}"]
    alone = "--ServerApp.jpserver_extensions=nbpull_server=True"
    done = subprocess.run(
        [sys.executable, "-m", "jupyter_server", *options, alone, "--NbPull.depth=-1"],
        env={**os.environ, "JUPYTER_NO_CONFIG": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode != 0
    told = [line for line in done.stderr.splitlines() if "nbpull cannot start" in line]
    assert len(told) == 1
    assert "depth" in told[0]
    assert "Traceback" not in done.stderr
