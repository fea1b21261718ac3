"""What an operator sets: ``c.NbPull.*``, and all that nbgitpuller reads.

A setting that cannot be meant stops the server: a class that meets the wrong repositories, or
none, should not find that out by itself.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

from traitlets import Bool, Enum, Float, Int, List, TraitError, Unicode, default, validate
from traitlets.config import Configurable

from nbpull_links.errors import NbpullError
from nbpull_server.paths import PARENT_PROBLEM, parent_problem
from nbpull_server.repositories import Pattern
from nbpull_sync import SAFE_PROTOCOLS

if TYPE_CHECKING:
    from traitlets import Bunch
    from traitlets.config import Config

_APPS = ("lab", "jupyterlab", "notebook")
KNOWN_PROTOCOLS = (*SAFE_PROTOCOLS, "file")


class SettingError(ValueError):
    """A setting that cannot be meant; the message names it."""


class NbPull(Configurable):
    """The settings of nbpull."""

    allow = List(
        Unicode(),
        ["*"],
        config=True,
        help="""Repositories that links may pull, as patterns: ``https://github.com/my-org/*``,
        ``github.com/my-org/*`` (any protocol), ``*.example.org`` or ``*``.""",
    )
    ask = List(
        Unicode(),
        [],
        config=True,
        help="""Repositories, in no allow pattern, that are pulled after the learner has seen the
        full address and said yes. What is in neither list is refused.""",
    )
    deny = List(
        Unicode(),
        [],
        config=True,
        help="Repositories that are never pulled, whatever the other lists say.",
    )
    protocols = List(
        Enum(KNOWN_PROTOCOLS),
        list(SAFE_PROTOCOLS),
        minlen=1,
        config=True,
        help="The protocols that a link may name. ``file`` is off unless it is put here.",
    )
    depth = Int(
        min=0,
        config=True,
        help="""Commits of history for a first clone, 0 for all. Default: ``c.GitPuller.depth``,
        else the environment variable NBGITPULLER_DEPTH, else 1.""",
    )
    app = Unicode(
        config=True,
        help="""The app that opens what a link without urlpath names: ``lab`` or ``notebook``.
        Default: the environment variable NBGITPULLER_APP, else ``notebook``. Where it is not
        installed, what is installed opens the file.""",
    )
    parent_path = Unicode(
        config=True,
        help="""The directory, below the server's root, in which links put their workspaces.
        Default: the environment variable NBGITPULLER_PARENTPATH.""",
    )
    conflict = Enum(
        ["ours", "upstream"],
        "ours",
        config=True,
        help="""Whose lines stay where both sides changed the same ones: ``ours`` is the
        learner's. With ``upstream`` the learner's file is set aside whole.""",
    )
    restore_deleted = Bool(
        True,
        config=True,
        help="Whether a file that the learner deleted comes back with the next sync.",
    )
    lfs = Bool(
        True,
        config=True,
        help="""Whether the content of large files (Git LFS) is brought, where git-lfs is installed.
        It is asked for at the repository's own server only. Without it short pointer files stand
        in place of the content.""",
    )
    reference = Unicode(
        "",
        config=True,
        help="""A git repository on this machine, such as a read-only volume of the hub. A first
        clone copies the objects that it has instead of moving them over the network, and does not
        need it afterwards. One repository may hold the objects of many courses.""",
    )
    stall_timeout = Float(
        30.0,
        min=1.0,
        config=True,
        help="Seconds without a byte after which the network is given up.",
    )
    max_bytes = Int(
        0,
        min=0,
        config=True,
        help="The most bytes that one sync may receive; 0 for no limit.",
    )
    keep_restore_points = Int(
        20, min=1, config=True, help="How many restore points a workspace keeps."
    )
    keep_restore_days = Int(90, min=1, config=True, help="How many days a restore point is kept.")
    parallel = Int(8, min=1, config=True, help="How many syncs run at the same time.")
    countdown = Int(
        10,
        min=0,
        config=True,
        help="""Seconds for which the page shows what happened to the learner's files before it
        goes on by itself; 0 to wait for a click.""",
    )

    @default("depth")
    def _default_depth(self) -> int:
        puller: Config = self.config.GitPuller
        if "depth" in puller:
            return _whole("c.GitPuller.depth", puller["depth"])
        return _whole("NBGITPULLER_DEPTH", os.environ.get("NBGITPULLER_DEPTH") or "1")

    @default("app")
    def _default_app(self) -> str:
        wanted = os.environ.get("NBGITPULLER_APP") or "notebook"
        return wanted if wanted.lower() in _APPS else "notebook"

    @default("parent_path")
    def _default_parent_path(self) -> str:
        return _clean_parent("NBGITPULLER_PARENTPATH", os.environ.get("NBGITPULLER_PARENTPATH", ""))

    @validate("parent_path")
    def _valid_parent_path(self, proposal: Bunch) -> str:
        return _clean_parent("c.NbPull.parent_path", proposal.value)

    @validate("app")
    def _valid_app(self, proposal: Bunch) -> str:
        # What nbgitpuller makes of its variable is one or the other, whatever stands there.
        if proposal.value.lower() not in _APPS:
            raise SettingError(f"c.NbPull.app: {proposal.value!r} is none of {', '.join(_APPS)}")
        return cast("str", proposal.value)

    @validate("allow", "ask", "deny")
    def _valid_patterns(self, proposal: Bunch) -> list[str]:
        for text in proposal.value:
            _check_pattern(f"c.NbPull.{proposal.trait.name}", text)
        return list(proposal.value)


def read_settings(config: Config) -> NbPull:
    """Read the settings, every one of them, so that a wrong one shows now.

    Raises:
        SettingError: With a message that names the setting.
    """
    known = NbPull.class_trait_names(config=True)
    for name in config.NbPull:
        if name not in known:
            raise SettingError(
                f"c.NbPull.{name}: there is no such setting; there are {', '.join(sorted(known))}"
            )
    try:
        settings = NbPull(config=config)
        for name in known:
            getattr(settings, name)
    except TraitError as error:
        raise SettingError(f"c.NbPull: {' '.join(str(error).split())}") from None
    return settings


def _check_pattern(name: str, text: str) -> None:
    try:
        Pattern.parse(text)
    except NbpullError as error:
        raise SettingError(f"{name}: {error}") from None


def _whole(name: str, value: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise SettingError(f"{name}: {str(value)!r} is no whole number from 0")
    return number


def _clean_parent(name: str, value: str) -> str:
    if parent_problem(value):
        raise SettingError(f"{name}: {value!r} {PARENT_PROBLEM}")
    return "/".join(part for part in value.split("/") if part not in ("", "."))
