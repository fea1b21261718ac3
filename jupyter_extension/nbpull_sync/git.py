"""The one door to git: GitPython starts the process, we say with what and under which rules.

Nothing of the caller's environment that starts with ``GIT_`` reaches git, no hook, signature,
editor, pager or prompt can start, and a transport works only where the call names it. Arguments
are fixed lists; whatever comes from outside stands behind ``--`` or on standard input.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, cast

from nbpull_links.redaction import redact
from nbpull_sync.cancel import Cancel

# GitPython looks for git when it is imported and fails there if it is missing; we want to
# say so ourselves, at the first call.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import git as gitpython

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
    from pathlib import Path

_ENVIRONMENT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",  # set and empty: git asks nobody, not even through SSH_ASKPASS
    "SSH_ASKPASS_REQUIRE": "never",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_EDITOR": "false",
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
    "LANGUAGE": "C",
    "GIT_AUTHOR_NAME": "nbpull",
    "GIT_AUTHOR_EMAIL": "nbpull@localhost",
    "GIT_COMMITTER_NAME": "nbpull",
    "GIT_COMMITTER_EMAIL": "nbpull@localhost",
}

_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "core.untrackedCache": "false",
    "core.quotePath": "false",
    "commit.gpgSign": "false",
    "tag.gpgSign": "false",
    "log.showSignature": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "fetch.recurseSubmodules": "false",
    "fetch.prune": "false",
    "fetch.pruneTags": "false",
    "fetch.writeCommitGraph": "false",
    "submodule.recurse": "false",
    # What git holds of packs at once; without a bound it is all of them.
    "core.packedGitWindowSize": "8m",
    "core.packedGitLimit": "32m",
    "core.deltaBaseCacheLimit": "16m",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "advice.detachedHead": "false",
    "advice.fetchShowForcedUpdates": "false",
}

_MOMENT = 0.25
"""Seconds of silence after which whoever listens to git is given the word."""


class GitError(Exception):
    """A git command ended with a status that its caller did not expect.

    Attributes:
        command: The name of the command, such as ``read-tree``.
        status: The exit status; negative for a signal.
        stderr: What it said, without credentials.
    """

    def __init__(self, command: str, status: int, stderr: str) -> None:
        super().__init__(f"git {command} ended with status {status}: {stderr}")
        self.command = command
        self.status = status
        self.stderr = stderr


class GitMissingError(GitError):
    """There is no git on this machine."""


class GitStalledError(GitError):
    """Git was stopped because nothing came for too long."""


class Git:
    """Git on one repository, which is always named and never looked for."""

    def __init__(  # noqa: PLR0913 - a command's whole surroundings, each named
        self,
        git_dir: Path,
        work_tree: Path,
        *,
        settings: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        cancel: Cancel | None = None,
        named: bool = True,
    ) -> None:
        self.git_dir = git_dir
        self.work_tree = work_tree
        self._settings = {**_SETTINGS, **(settings or {})}
        self._environment = dict(environment or {})
        self.cancel = cancel or Cancel()
        self._named = named  # False for a clone, which makes the repository itself

    def having(
        self,
        *,
        work_tree: Path | None = None,
        settings: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Git:
        """Give the same git with another work tree, further settings or variables."""
        return Git(
            self.git_dir,
            work_tree or self.work_tree,
            settings={**self._settings, **(settings or {})},
            environment={**self._environment, **(environment or {})},
            cancel=self.cancel,
            named=self._named,
        )

    def run(self, *args: str, stdin: bytes = b"", ok: Sequence[int] = (0,)) -> bytes:
        """Run one command to its end and give its standard output.

        Raises:
            GitError: If the status is none of `ok`.
            SyncError: If the sync was cancelled.
        """
        return self.call(*args, stdin=stdin, ok=ok)[1]

    def call(
        self,
        *args: str,
        stdin: bytes = b"",
        ok: Sequence[int] = (0,),
        protocols: Sequence[str] = (),
        timeout: float | None = None,
    ) -> tuple[int, bytes]:
        """Run one command to its end and give its status and standard output."""
        with self.process(*args, pipe_in=bool(stdin), protocols=protocols) as process:
            try:
                out = self._finish(process, args[0], stdin, ok, timeout)
            except subprocess.TimeoutExpired as error:
                raise GitStalledError(args[0], -1, f"no end after {timeout:g} seconds") from error
        return process.returncode, out

    @contextmanager
    def meanwhile(self, *args: str, stdin: bytes = b"") -> Iterator[Callable[[], bytes]]:
        """Run one command beside the block.

        What is given waits for its end and gives its standard output; it raises as `run` does.
        """
        with self._told(stdin) as told, self.process(*args, reads=told) as process:
            yield lambda: self._finish(process, args[0])

    @contextmanager
    def _told(self, stdin: bytes) -> Iterator[IO[bytes] | None]:
        """Give a file to read from; a pipe holds up whoever writes more than it takes."""
        if not stdin:
            yield None
            return
        with TemporaryFile(dir=self.git_dir) as told:
            told.write(stdin)
            told.seek(0)
            yield told

    def _finish(
        self,
        process: subprocess.Popen[bytes],
        command: str,
        stdin: bytes = b"",
        ok: Sequence[int] = (0,),
        timeout: float | None = None,
    ) -> bytes:
        out, err = process.communicate(stdin or None, timeout)
        self.cancel.check()
        if process.returncode not in ok:
            raise GitError(command, process.returncode, redact(err.decode(errors="replace")))
        return out

    @contextmanager
    def process(
        self,
        *args: str,
        pipe_in: bool = False,
        reads: IO[bytes] | None = None,
        protocols: Sequence[str] = (),
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run one command while the block runs; it never outlives the block."""
        self.cancel.check()
        source = subprocess.PIPE if pipe_in else reads
        process = self._start(args, source=source, protocols=protocols)
        try:
            with self.cancel.stopping(lambda: _end(process)):
                yield process
        finally:
            if process.poll() is None:
                _end(process)
                _reap(process)
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    with suppress(BrokenPipeError):
                        stream.close()

    def talk(
        self, *args: str, protocols: Sequence[str] = (), stall_timeout: float
    ) -> Generator[bytes, None, None]:
        """Run one command that takes long and give what it says, on both its streams, as it comes.

        While nothing comes, an empty piece is given now and then: the caller may have something
        to tell that it held back.

        Raises:
            GitError: If it fails; its ``stderr`` holds the last of what was said.
            GitStalledError: If nothing comes for `stall_timeout` seconds.
            SyncError: If the sync was cancelled.
        """
        said = bytearray()
        with self.process(*args, protocols=protocols) as process:
            streams = [cast("IO[bytes]", it).fileno() for it in (process.stderr, process.stdout)]
            for chunk in _pieces(streams, args[0], stall_timeout):
                said += chunk
                del said[:-65536]
                yield chunk
            process.wait()
        self.cancel.check()
        if process.returncode != 0:
            text = redact(said.decode(errors="replace"))
            raise GitError(args[0], process.returncode, text)

    def _start(
        self, args: Sequence[str], *, source: int | IO[bytes] | None, protocols: Sequence[str]
    ) -> subprocess.Popen[bytes]:
        environment = {
            **_ENVIRONMENT,
            **_configured(self._settings),
            **self._environment,
            "GIT_ALLOW_PROTOCOL": ":".join(protocols),
        }
        # To git the names of GitPython's own settings say nothing: they need no `env` before it.
        foreign = [
            name
            for name in os.environ
            if name.startswith("GIT_") and not name.startswith("GIT_PYTHON_")
            if name not in environment
        ]
        scrub = ["env", *(f"--unset={name}" for name in foreign)] if foreign else []
        place = [f"--git-dir={self.git_dir}", f"--work-tree={self.work_tree}"]
        place = place if self._named else []
        cwd = self.work_tree if self.work_tree.is_dir() else self.git_dir
        try:
            started = gitpython.Git(str(cwd)).execute(
                [*scrub, gitpython.Git.GIT_PYTHON_GIT_EXECUTABLE or "git", *place, *args],
                istream=cast("Any", source),
                env=environment,
                as_process=True,
                with_stdout=True,
                # a group of its own: git's helpers end with it, and ssh finds no terminal to ask on
                start_new_session=True,
            )
        except gitpython.GitCommandNotFound as error:
            raise GitMissingError(args[0], 127, "git is not installed") from error
        interrupt = cast("Any", started)
        process = cast("subprocess.Popen[bytes]", interrupt.proc)
        interrupt.proc = None  # from here on the process is ours to end
        return process


def _configured(settings: Mapping[str, str]) -> dict[str, str]:
    """Give settings as the variables by which git takes them, so that none is in an argument."""
    environment = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        environment[f"GIT_CONFIG_KEY_{number}"] = name
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return environment


def _pieces(
    streams: Sequence[int], command: str, stall_timeout: float
) -> Generator[bytes, None, None]:
    left, silence = list(streams), 0.0
    while left:
        moment = min(_MOMENT, stall_timeout - silence) if stall_timeout else _MOMENT
        ready = select.select(left, [], [], moment)[0]
        for stream in ready:
            silence = 0.0
            piece = os.read(stream, 65536)
            if piece:
                yield piece
            else:
                left.remove(stream)
        if ready:
            continue
        silence += moment
        if stall_timeout and silence >= stall_timeout:
            raise GitStalledError(command, -1, f"nothing came for {stall_timeout:g} seconds")
        yield b""


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process and its helpers to end; git then removes its own locks."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)


def _reap(process: subprocess.Popen[bytes], patience: float = 3.0) -> None:
    deadline = time.monotonic() + patience
    try:
        process.wait(deadline - time.monotonic())
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
