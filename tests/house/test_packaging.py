"""What is built and installed is what this repository says it is."""

from __future__ import annotations

import email
import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "nbpull_links": ROOT / "nbpull_links",
    "nbpull_sync": ROOT / "jupyter_extension" / "nbpull_sync",
    "nbpull_server": ROOT / "jupyter_extension" / "nbpull_server",
}


def run(*command, env=None):
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def tracked():
    """Name the files of the repository, and those about to be."""
    command = ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    named = subprocess.run(command, capture_output=True, check=True).stdout
    return [name for name in os.fsdecode(named).split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def dist(tmp_path_factory):
    """Build the sdist, and from the sdist the wheel, without a network."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT))
    return out


@pytest.fixture(scope="session")
def wheel(dist):
    (wheel,) = dist.glob("*.whl")
    return wheel


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """Install the wheel alone into a fresh environment that borrows its dependencies from ours."""
    home = tmp_path_factory.mktemp("venv")
    venv.create(home, with_pip=False)
    purelib = sysconfig.get_path("purelib", "venv", {"base": str(home)})
    # A path in a .pth file lends packages, but not the .pth files beside them: our own editable
    # install stays out of it.
    Path(purelib, "borrowed.pth").write_text(sysconfig.get_path("purelib"))
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install"]
    run(*pip, "--quiet", "--no-index", "--no-deps", "--ignore-installed", str(wheel))
    return home


def test_the_wheel_holds_each_package_whole_and_nothing_else(wheel):
    wanted = {
        f"{package}/{Path(name).relative_to(home.relative_to(ROOT))}"
        for package, home in PACKAGES.items()
        for name in tracked()
        if Path(name).is_relative_to(home.relative_to(ROOT))
    }
    held = {
        name
        for name in zipfile.ZipFile(wheel).namelist()
        if not name.split("/")[0].endswith((".dist-info", ".data"))
    }
    assert held == wanted
    assert {f"{package}/py.typed" for package in PACKAGES} <= held


def test_the_wheel_enables_the_server_extension_by_a_file(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (config,) = (name for name in archive.namelist() if name.endswith("nbpull.json"))
        assert config.endswith(".data/data/etc/jupyter/jupyter_server_config.d/nbpull.json")


def test_the_wheel_carries_the_labextension_and_what_can_be_set_in_it(wheel):
    place = ".data/data/share/jupyter/labextensions/nbpull/"
    with zipfile.ZipFile(wheel) as archive:
        held = {name.partition(place)[2]: name for name in archive.namelist() if place in name}
        built = json.loads(archive.read(held["package.json"]))
        manager = json.loads(archive.read(held["install.json"]))
        schema = json.loads(archive.read(held["schemas/nbpull/plugin.json"]))
    assert built["jupyterlab"]["_build"]["load"] in held
    assert built["version"] == metadata.version("nbpull")
    assert (manager["packageManager"], manager["packageName"]) == ("python", "nbpull")
    assert schema["properties"]["lookForNews"]["default"] is False


def test_an_install_of_the_wheel_is_all_that_lab_needs(installed):
    code = (
        "from jupyter_core.paths import jupyter_path\n"
        "from jupyterlab_server.config import get_federated_extensions\n"
        "print(get_federated_extensions(jupyter_path('labextensions'))['nbpull']['ext_dir'])"
    )
    environment = os.environ | {"PYTHONSAFEPATH": "1"}
    said = run(str(installed / "bin" / "python"), "-c", code, env=environment)
    assert Path(said.strip()) == installed / "share" / "jupyter" / "labextensions"


def test_the_sdist_carries_the_labextension_built_so_that_a_wheel_of_it_needs_no_node(dist):
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {name.partition("/labextension/")[2] for name in archive.getnames()}
    assert {"src/index.ts", "dist/package.json", "dist/schemas/nbpull/plugin.json"} <= held


def test_the_wheel_carries_the_command_the_licence_and_the_readme(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = {name.split("/", 1)[1]: name for name in archive.namelist() if "dist-info/" in name}
        assert b"nbpull = nbpull_links.cli:main" in archive.read(names["entry_points.txt"])
        assert archive.read(names["licenses/LICENSE"]) == (ROOT / "LICENSE").read_bytes()
        about = email.message_from_bytes(archive.read(names["METADATA"]))
    assert about["Name"] == "nbpull"
    assert about["License-Expression"] == "BSD-3-Clause"
    assert about.get_payload().strip() == (ROOT / "README.md").read_text().strip()


def test_the_sdist_holds_what_builds_tests_and_documents_it(dist):
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        held = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    left_out = (".ci/", ".gitignore", ".npmrc")
    wanted = {name for name in tracked() if not name.startswith(left_out)}
    assert wanted <= held
    assert not {name for name in held if ".venv" in name or "node_modules" in name}


@pytest.mark.parametrize("kind", ["wheel", "editable"])
def test_an_install_enables_the_extension_with_no_further_command(kind, request):
    if kind == "wheel":
        python = str(request.getfixturevalue("installed") / "bin" / "python")
    else:
        python = sys.executable
    # A safe path keeps the working directory's packages out of it.
    environment = os.environ | {"PYTHONSAFEPATH": "1"}
    said = run(python, "-m", "jupyter_server", "extension", "list", env=environment)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    assert re.search(
        r"nbpull_server enabled\n *- Validating nbpull_server\.\.\.\n.* OK\n", plain
    ), plain


def test_the_installed_command_runs(installed):
    said = run(str(installed / "bin" / "nbpull"), "--version")
    assert said.strip().startswith("nbpull ")
