"""Bring upstream's newest: one operation of the network, asked for by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from nbpull_sync import desk, refs, remote
from nbpull_sync.errors import SyncError
from nbpull_sync.events import Event, Phase, Progress
from nbpull_sync.transport import TooMuchError, list_remote, talk
from nbpull_sync.workspace import BASE, HEADS, TAGS, TRACKING, Memory, Workspace

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from nbpull_sync.address import Address
    from nbpull_sync.request import SyncRequest

REMOTE_HEAD = "refs/nbpull/head"
"""Where the head of the remote is kept, by which a change of its default branch is seen."""
_FETCH = (
    "fetch",
    "--progress",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-recurse-submodules",
    "--no-auto-maintenance",
    "--no-show-forced-updates",
    "--update-shallow",
    "--force",
)


FETCH_BY_ID = (
    "fetch",
    "--progress",
    "--no-tags",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
    "--filter=blob:none",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """The content repo's chosen ref at this moment.

    Attributes:
        commit: The commit, None until it was peeled from `tip`.
        memory: What the next sync needs to know of it.
    """

    commit: str
    memory: Memory


@dataclass(frozen=True, slots=True)
class _Wish:
    """One ref to ask for, and where its value is kept here."""

    kind: Literal["branch", "tag", "commit"]
    name: str
    source: str
    target: str

    @property
    def refspec(self) -> str:
        return f"+{self.source}:{self.target}"


class Fetcher:
    """Fetches into one workspace for one request."""

    def __init__(self, workspace: Workspace, address: Address, request: SyncRequest) -> None:
        self._workspace = workspace
        self._address = address
        self._request = request
        self._memory = workspace.recall()

    def fetch(self) -> Generator[Event, None, Upstream]:
        """Fetch what the request names.

        Raises:
            SyncError: If the network or the remote fails, or the ref does not exist.
        """
        name = self._request.ref
        if name is None:
            return (yield from self._default())
        for wish in self._wishes(name):
            upstream = yield from self._try([wish])
            if upstream is not None:
                return upstream
        listing = yield from self._list("--heads", "--tags")
        raise remote.missing_ref(name, listing, url=self._address.url)

    def _wishes(self, name: str) -> list[_Wish]:
        """Give what a name may mean, the likeliest first; a branch goes before a tag."""
        if refs.is_oid(name):
            return [_Wish("commit", name, name, REMOTE_HEAD)]
        name = name.removeprefix("refs/")
        plain = name.removeprefix("heads/").removeprefix("tags/")
        branch = _Wish("branch", plain, HEADS + plain, TRACKING + plain)
        tag = _Wish("tag", plain, f"refs/tags/{plain}", TAGS + plain)
        if name.startswith("heads/"):
            return [branch]
        if name.startswith("tags/"):
            return [tag]
        known = self._memory
        if known is not None and known.kind == "tag" and known.name == plain:
            return [tag, branch]
        return [branch, tag]

    def _default(self) -> Generator[Event, None, Upstream]:
        """Fetch the remote's default branch, whatever it is called today."""
        known = self._memory
        name = known.name if known is not None and known.default else self._default_name()
        if name is None:
            name = yield from self._ask_default()
        wish = _Wish("branch", name, HEADS + name, TRACKING + name)
        head = _Wish("branch", name, "HEAD", REMOTE_HEAD)
        upstream = yield from self._try([wish, head], default=True)
        if upstream is not None and self._workspace.ref(REMOTE_HEAD) == upstream.memory.tip:
            return upstream
        name = yield from self._ask_default()
        wish = _Wish("branch", name, HEADS + name, TRACKING + name)
        return (yield from self._take([wish], default=True))

    def _default_name(self) -> str | None:
        target = refs.read_symbolic(self._workspace.common_dir, TRACKING + "HEAD")
        return target.removeprefix(TRACKING) if target else None

    def _ask_default(self) -> Generator[Event, None, str]:
        listing = yield from self._list("--symref", "HEAD")
        for line in listing.splitlines():
            if line.startswith(b"ref: refs/heads/"):
                return line[16:].split(b"\t")[0].decode("utf-8", "surrogateescape")
        raise remote.missing_ref(None, listing, url=self._address.url)

    def _try(
        self, wishes: Sequence[_Wish], *, default: bool = False
    ) -> Generator[Event, None, Upstream | None]:
        """Fetch what is wished for; None where the remote does not have it."""
        try:
            return (yield from self._take(wishes, default=default))
        except SyncError as error:
            if error.code != "ref-not-found":
                raise
            return None

    def _take(
        self, wishes: Sequence[_Wish], *, default: bool = False
    ) -> Generator[Event, None, Upstream]:
        wish = wishes[0]
        if wish.kind == "commit" and self._workspace.ref(BASE) == wish.name:
            tip = wish.name
        else:
            yield from self._fetch([each.refspec for each in wishes], self._depth(wish))
            tip = self._workspace.ref(wish.target) or ""
        memory = Memory(
            repo=self._address.identity,
            kind=wish.kind,
            name=wish.name,
            default=default,
            tip=tip,
            subdir=self._workspace.scope,
            lfs=self._workspace.lfs,
        )
        return Upstream(commit=self._commit(memory), memory=memory)

    def _commit(self, memory: Memory) -> str:
        if memory.kind != "tag":
            return memory.tip
        if memory == self._memory and (base := self._workspace.ref(BASE)):
            return base
        out = self._workspace.real.run("rev-parse", "--verify", f"{memory.tip}^{{commit}}")
        return out.decode().strip()

    def _depth(self, wish: _Wish) -> int:
        """Say how deep to fetch: a number only where the history must not grow without bound.

        Git asks the remote once more when it is given a depth, even if there is nothing new.
        """
        workspace = self._workspace
        if workspace.ref(wish.target) is not None and wish.kind != "commit":
            return 0
        if workspace.is_shallow or workspace.ref("HEAD") is None:
            return self._request.depth
        return 0

    def _fetch(self, refspecs: Sequence[str], depth: int) -> Generator[Event, None, None]:
        most = 0
        if not depth and self._workspace.is_shallow:
            most = 1000 + 2 * desk.count(self._workspace.index(self._workspace.ref(BASE)))
        try:
            yield from self._once(refspecs, depth, most)
        except TooMuchError:
            # A rewritten history below our shallow one: all of it would come, and nobody asked.
            yield from self._once(refspecs, max(1, self._request.depth), 0)

    def _once(self, refspecs: Sequence[str], depth: int, most: int) -> Generator[Event, None, None]:
        args = [*_FETCH, *([f"--depth={depth}"] if depth else [])]
        if self._workspace.is_partial:
            # Only under its name does git know that this remote may leave content out.
            self._workspace.real.run("config", "remote.origin.url", self._address.url)
            args += ["--filter=blob:none", "--", "origin", *refspecs]
        else:
            args += ["--", self._address.url, *refspecs]
        yield from talk(self._workspace.real, args, self._address, self._request, most=most)

    def _list(self, *args: str) -> Generator[Event, None, bytes]:
        yield Progress(phase=Phase.CONNECTING, message="Asking the server what it has")
        return list_remote(self._workspace.real, self._address, self._request, *args)
