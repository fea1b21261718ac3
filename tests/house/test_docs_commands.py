"""Commands, Python and files that the documentation shows do what it says."""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory

import jsonschema
import pytest
import yaml
from ltiauthenticator.lti11.auth import LTI11Authenticator
from ltiauthenticator.lti13.auth import LTI13Authenticator
from traitlets.config import Config, JSONFileConfigLoader, PyFileConfigLoader

import github
import pages
from jupyter_process import TOKEN, running_server
from nbpull_links import make_link
from nbpull_links.cli import COMMANDS
from nbpull_server.demo.githttp import GitServer
from nbpull_server.params import PullParams
from nbpull_server.repositories import Pattern, Policy
from nbpull_server.settings import read_settings
from nbpull_sync import Report, SyncError, SyncRequest, sync

LOOSE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
BIN = Path(sys.executable).parent
SHOWN = re.compile(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
LABEXTENSION = pages.ROOT / "jupyter_extension" / "labextension"
WHEEL = re.search(r"nbpull-[\w.-]+\.whl", pages.text_of("howto/install"))[0]
# What needs another machine, an account or an administrator.
NOT_HERE = {
    "docker", "git push", "helm", "jupyter-book", "jupytext-config", "sudo", "python -m pip",
    "git init --bare /srv/", "git -C /srv/",
}  # fmt: skip
# Where the commands stand that any machine can run; test_docs_books.py runs jupyter-book.
HERE = {
    "howto/from-nbgitpuller": "nbpull parse --json - < links.txt",
    "howto/install": "jupyter server extension list",
}
# Each is run by a test: here, or in the test file that is named.
FILES = {
    "jupyter_server_config.py", "jupyter_server_config.json", "jupyterhub_config.py",
    "config.yaml", "gitconfig", "sync.py", "Dockerfile", "overrides.json",
    # test_docs_books.py
    "conf.py", "_config.yml", "front matter", "page.md", "launch.mjs", "myst.yml", "index.md",
    "alone.md",
}  # fmt: skip


def test_every_block_is_of_a_kind_that_a_test_runs():
    for page in pages.names():
        for block in pages.blocks(page):
            known = (
                block.kind in {"console", "sh", "{toctree}"}
                or block.kind.startswith(("{nbpull-", "{eval-rst}"))
                or block.style in {"merge-lines", "merge-cells"}
                or block.caption in FILES
                or (page, block.kind) == ("reference/events", "json")
            )
            assert known, block


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Make https://github.com/org/course a repository of this machine, and work beside it."""
    work = tmp_path / "work"
    work.mkdir()
    # A stand-in for what the guide to installing makes: it is only copied.
    (work / "dist").mkdir()
    (work / "dist" / WHEEL).touch()
    monkeypatch.chdir(work)
    monkeypatch.setenv("PATH", f"{BIN}{os.pathsep}{os.environ['PATH']}")
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Teacher")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "teacher@example.org")
    with github.pretend(tmp_path) as course:
        yield course


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize("page", [name for name in pages.names() if pages.blocks(name, "console")])
def test_the_commands_of_a_page_print_what_it_shows(page, monkeypatch, need):
    bash = need("bash")
    for block in pages.blocks(page, "console"):
        for command, wanted in SHOWN.findall(block.text):
            if command.startswith("cd "):
                monkeypatch.chdir(command.removeprefix("cd "))
                continue
            done = subprocess.run(
                [bash, "-c", command], capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, (command, done.stderr)
            assert doctest.OutputChecker().check_output(wanted, done.stdout, LOOSE), (
                command, done.stdout, wanted,
            )  # fmt: skip


@pytest.mark.parametrize("page", [name for name in pages.names() if pages.blocks(name, "sh")])
def test_a_command_for_another_machine_is_at_least_one(page, need):
    bash = need("bash")
    for block in pages.blocks(page, "sh"):
        subprocess.run([bash, "-n", "-c", block.text], check=True)
        for line in block.text.splitlines():
            ours = re.match(r"nbpull (\w+)", line)
            jupyter = re.match(r"(/opt/tljh/user/bin/)?jupyter (server |lab)extension \w+", line)
            assert jupyter or (ours and ours[1] in COMMANDS) or line.startswith(tuple(NOT_HERE))


def test_what_is_set_for_all_users_of_lab_are_settings_of_it():
    schema = json.loads((LABEXTENSION / "schema" / "plugin.json").read_text())
    for block in pages.captioned("overrides.json"):
        jsonschema.validate(json.loads(block.text)["nbpull:plugin"], schema)


@pytest.mark.usefixtures("course")
@pytest.mark.parametrize(("page", "command"), HERE.items(), ids=HERE.values())
def test_a_command_that_needs_nothing_else_runs(page, command, need):
    assert command in [
        line for block in pages.blocks(page, "sh") for line in block.text.split("\n")
    ]
    Path("links.txt").write_text(make_link(hub="https://h.org", content_repo="https://h.org/r"))
    done = subprocess.run(
        [need("bash"), "-c", command],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert re.search(r'nbpull_server.*enabled|"repo": "https://h.org/r"', done.stdout), done.stdout


def test_the_commands_for_a_class_fill_a_store_with_the_course(course, tmp_path, need):
    (block,) = [found for found in pages.blocks("howto/kubernetes", "sh") if "/srv/" in found.text]
    store = tmp_path / "courses.git"
    text = block.text.replace("/srv/courses.git", str(store)).replace("my-org", "org")
    subprocess.run([need("bash"), "-ec", text], check=True)
    command = ["git", "-C", str(store), "rev-parse", "course/main"]
    filled = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    assert filled == course.git("rev-parse", "main")


def settings_of(block):
    """Read a configuration as Jupyter's servers and hubs do."""
    loader = JSONFileConfigLoader if block.caption.endswith(".json") else PyFileConfigLoader
    with TemporaryDirectory() as folder:
        Path(folder, block.caption).write_text(block.text)
        return Config(loader(block.caption, folder).load_config())


@pytest.mark.parametrize(
    "block",
    [
        *pages.captioned("jupyter_server_config.py"),
        *pages.captioned("jupyter_server_config.json"),
    ],
    ids=lambda block: block.page,
)
def test_a_configuration_of_the_server_is_one(block):
    config = settings_of(block)
    assert list(config) == ["NbPull"]
    settings = read_settings(config)
    assert all(getattr(settings, name) == value for name, value in config.NbPull.items())


@pytest.mark.parametrize("block", pages.captioned("config.yaml"), ids=lambda block: block.page)
def test_the_values_of_a_chart_hold_files_that_can_be_read(block):
    values = yaml.safe_load(block.text)["singleuser"]
    for file in values.get("extraFiles", {}).values():
        if file["mountPath"].endswith("jupyter_server_config.json"):
            assert read_settings(Config(file["data"])).allow == file["data"]["NbPull"]["allow"]
        else:
            (given,) = pages.blocks(block.page, caption=Path(file["mountPath"]).name)
            assert file["stringData"] == given.text
    if "lifecycleHooks" in values:
        *_, command = values["lifecycleHooks"]["postStart"]["exec"]["command"]
        assert command == "nbpull sync https://github.com/my-org/course course || true"


@pytest.mark.parametrize("block", pages.captioned("Dockerfile"), ids=lambda block: block.page)
def test_an_image_is_made_from_a_dated_tag_and_the_wheel_that_the_guide_makes(block):
    assert re.match(r"FROM [\w./-]+:\d{4}-\d\d-\d\d\n", block.text)
    assert set(re.findall(r"nbpull-[\w.-]+\.whl", block.text)) <= {WHEEL}


def test_every_page_names_the_wheel_of_this_version():
    assert f"nbpull-{metadata.version('nbpull')}-py3-none-any.whl" == WHEEL
    for page in pages.names():
        assert set(re.findall(r"nbpull-[\w.-]+\.whl", pages.text_of(page))) <= {WHEEL}


@pytest.mark.parametrize("block", pages.captioned("jupyterhub_config.py"))
def test_a_configuration_of_the_hub_names_settings_that_exist(block, monkeypatch):
    monkeypatch.setenv("LTI_KEY", "key")
    monkeypatch.setenv("LTI_SECRET", "secret")
    config = settings_of(block)
    classes = {kind.__name__: kind for kind in (LTI11Authenticator, LTI13Authenticator)}
    (name,) = set(config) & set(classes)
    assert config.JupyterHub.authenticator_class.endswith(f".{name}")
    made = classes[name](config=config)
    assert all(getattr(made, key) == value for key, value in config[name].items())


def test_the_addresses_for_the_learning_platform_are_those_of_the_hub():
    hub, text = "https://hub.example.org/hub", pages.text_of("howto/lms")
    lti = LTI13Authenticator()
    for address in (lti.login_url(hub), lti.callback_url(hub), lti.config_json_url(hub)):
        assert f"| `{address}` |" in text
    assert f"`{LTI11Authenticator().login_url(hub)}`" in text


def test_the_credential_helper_lets_git_in_where_it_is_meant_and_nowhere_else(
    tmp_path, monkeypatch
):
    (block,) = pages.blocks("howto/private", caption="gitconfig")
    published = tmp_path / "published"
    for group in ("my-org", "other"):
        directory = published / group / "course"
        directory.mkdir(parents=True)
        course = github.Course(directory)
        course.publish({"intro.md": "# Intro\n"})
    monkeypatch.setenv("COURSE_TOKEN", "s3cret")
    with GitServer(published, auth=("course", "s3cret")) as server:
        config = tmp_path / "gitconfig"
        config.write_text(block.text.replace("https://github.com", server.url))
        monkeypatch.setenv("HOME", str(tmp_path))
        config.rename(tmp_path / ".gitconfig")
        for group, ends in (("my-org", "report"), ("other", "login-needed")):
            assert end_of(server.url_of(f"{group}/course/.git"), tmp_path / f"{group}-w") == ends


def end_of(repo, directory):
    request = SyncRequest(repo=repo, directory=directory, protocols=("http",))
    try:
        *_, last = sync(request)
    except SyncError as error:
        return error.code
    assert isinstance(last, Report)
    return "report"


def test_the_patterns_keep_out_what_the_page_says():
    (block,) = pages.blocks("explanation/security", caption="jupyter_server_config.py")
    settings = read_settings(settings_of(block))
    lists = {
        name: [Pattern.parse(text) for text in getattr(settings, name)]
        for name in ("allow", "ask", "deny")
    }
    policy = Policy(**lists, protocols=settings.protocols)
    assert policy.decide("https://github.com/my-org/course") == "allow"
    assert policy.decide("https://github.com/my-org/exam-1") == "deny"
    assert policy.decide("https://github.com/other/course") == "ask"
    shown = re.findall(r"`(https://github\.com[.@]example\.net[^`]*)`", pages.text_of(block.page))
    assert len(shown) == 2
    assert {policy.decide(repo) for repo in shown} == {"deny"}


def test_a_script_follows_a_sync_to_its_end(course, tmp_path):
    (block,) = pages.captioned("sync.py")
    with (
        GitServer(course.directory.parent) as git,
        running_server(
            tmp_path / "server",
            base="/",
            extensions=("nbpull_server",),
            config={"NbPull": {"protocols": ["http"]}},
        ) as server,
    ):
        environment = os.environ | {
            "SERVER": server.url.rstrip("/"), "TOKEN": TOKEN, "REPO": git.url_of("course"),
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", block.text],
            env=environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "report cloned\n" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("end")


def test_the_parameters_are_those_that_the_server_reads():
    page = pages.text_of("reference/parameters")
    names = re.findall(r"`(\w+P\w+)`", page)
    read = PullParams.from_query(
        "branch=a&branch=b&depth=&new=1&repo=x&" + "&".join(f"{name}={name}" for name in names)
    )
    assert (read.targetpath, read.urlpath, read.subpath) == tuple(names)
    assert (read.branch, read.depth) == ("b", None)
