"""How a transfer fails: git's words for it, and ours for the person who has to mend it.

The first row whose pattern is found speaks. Order matters where one failure makes git
complain about another: a full disk also breaks the connection, a refused request also ends it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbpull_sync.errors import Who


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail.

    Attributes:
        code: The code of the error.
        who: Who can mend it.
        pattern: What git says; its group ``what`` is the name that git gives.
        message: What happened; may hold ``{host}``, ``{url}``, ``{what}``.
        hint: What to do about it.
    """

    code: str
    who: Who
    pattern: str
    message: str
    hint: str

    def search(self, text: str) -> re.Match[str] | None:
        """Find git's words for this failure in what it said."""
        return re.search(self.pattern, text, re.MULTILINE | re.IGNORECASE)


_ASK = "Ask whoever gave you the link"
_WAIT = "Try again in a few minutes"
_HTTP = r"(?:returned error: |RPC failed; HTTP )"
_PROXY_HTTP = r"(?:CONNECT tunnel failed, response |Received HTTP code )"

FAILURES: tuple[Failure, ...] = (
    Failure(
        "disk-full", "you",
        r"No space left on device|Disk quota exceeded|File too large",
        "There is no room left on the disk for the content.",
        "Delete what you no longer need (and empty the trash), then try again.",
    ),
    Failure(
        "not-writable", "admin",
        r"Read-only file system|(?:cannot|could not|unable to|failed to) "
        r"(?:open|create|write|mkdir|lock)[^\n]*Permission denied",
        "Your files cannot be written.",
        "Ask the hub's administrator to look at the permissions of your home directory.",
    ),
    Failure(
        "protocol-not-allowed", "author",
        r"transport '(?P<what>[^']*)' not allowed",
        "The link asks for the protocol '{what}', which is not allowed here.",
        f"{_ASK} for an https address, or have the hub's administrator allow the protocol.",
    ),
    Failure(
        "protocol-unknown", "author",
        r"'remote-(?P<what>[^']*)' is not a git command|Unable to find remote helper for "
        r"'(?P<helper>[^']*)'|Protocol \"(?P<scheme>[^\"]*)\" not supported",
        "The address {url} begins with a protocol that git does not know.",
        f"{_ASK} for an https address.",
    ),
    Failure(
        "bad-address", "author",
        r"bad/illegal format or missing URL|strange hostname|URL using bad|invalid port",
        "{url} is not an address that git can use.",
        f"{_ASK} to correct it.",
    ),
    Failure(
        "proxy-unknown-host", "admin",
        r"Could not resolve proxy: (?P<what>\S+)",
        "The proxy {what}, which this server uses to reach the internet, cannot be found.",
        "Ask the hub's administrator to check the proxy settings.",
    ),
    Failure(
        "proxy-login-needed", "admin",
        rf"(?:{_HTTP}|{_PROXY_HTTP})407|Proxy Authentication Required",
        "The proxy that this server uses to reach the internet asks for a login.",
        "Ask the hub's administrator to check the proxy settings.",
    ),
    Failure(
        "proxy-refused", "admin",
        rf"{_PROXY_HTTP}(?P<what>\d+)|Proxy CONNECT aborted|proxy handshake",
        "The proxy that this server uses to reach the internet does not let us through to {host}.",
        "Ask the hub's administrator to allow it.",
    ),
    Failure(
        "login-refused", "you",
        r"Authentication failed for|(?:could not read|invalid) credentials|Invalid username or",
        "{host} did not accept the login that git has stored for it.",
        "Renew the password or token in git's credential helper.",
    ),
    Failure(
        "login-needed", "author",
        rf"could not read (?:Username|Password) for|terminal prompts disabled|{_HTTP}401",
        "{host} asks for a login: the repository {url} is private, or it does not exist.",
        f"{_ASK} to check the address and to make the repository public.",
    ),
    Failure(
        "forbidden", "author",
        rf"{_HTTP}403",
        "{host} does not allow the repository {url} to be read.",
        f"{_ASK} to make the repository public.",
    ),
    Failure(
        "not-found", "author",
        rf"{_HTTP}(?:404|410)|repository '[^'\n]*' not found|^(?:remote: )?ERROR: [^\n]*"
        r"(?:not found|could not be found|does not exist)|access denied or repository not exported",
        "There is no repository at {url}, or it is private.",
        f"{_ASK} to check the address and to make the repository public.",
    ),
    Failure(
        "too-many-requests", "network",
        rf"{_HTTP}429",
        "{host} is being asked too often right now.",
        _WAIT + ".",
    ),
    Failure(
        "server-error", "network",
        rf"{_HTTP}5\d\d",
        "{host} has a problem of its own right now.",
        f"{_WAIT}; your files are as they were.",
    ),
    Failure(
        "http-error", "author",
        rf"{_HTTP}(?P<what>\d+)",
        "{host} answered with the status {what}, which is not how a repository answers.",
        f"{_ASK} to check the address.",
    ),
    Failure(
        "tls-wrong-host", "admin",
        r"does not match target host|no alternative certificate subject name|subject name "
        r"matches|certificate is not valid for|hostname mismatch",
        "The certificate of {host} belongs to another server.",
        "Check the address; if it is right, the administrator of {host} has to mend this.",
    ),
    Failure(
        "tls-expired", "admin",
        r"certificate has expired|certificate is expired|certificate expired|is not yet valid",
        "The certificate of {host} has expired.",
        "The administrator of {host} has to renew it.",
    ),
    Failure(
        "tls-untrusted", "admin",
        r"certificate verif|SSL certificate problem|self[- ]signed certificate|unable to get "
        r"local issuer|verify the first certificate|unknown CA|certificate verify locations",
        "The certificate of {host} is not trusted here: it may have expired, or its issuer "
        "is not known.",
        "The hub's administrator can add the issuer to the trusted ones.",
    ),
    Failure(
        "interrupted", "network",
        r"(?:gnutls|ssl|tls)[^\n]*(?:properly terminated|unexpected eof|SYSCALL|reset|"
        r"Error in the pull function|Broken pipe)",
        "The connection to {host} broke off.",
        "Try again; your files are as they were.",
    ),
    Failure(
        "tls-failed", "admin",
        r"gnutls_handshake|SSL_connect|SSL routines|TLS connect error|OpenSSL[/:]|SSL: |schannel",
        "No safe connection to {host} could be made.",
        "Check that the address should begin with https; else ask the hub's administrator.",
    ),
    Failure(
        "stalled", "network",
        r"Operation too slow|curl 28 ",
        "{host} stopped sending.",
        f"{_WAIT}; your files are as they were.",
    ),
    Failure(
        "name-lookup-failed", "network",
        r"Temporary failure in name resolution|EAI_AGAIN",
        "The name {host} could not be looked up just now.",
        "Check the network connection and try again.",
    ),
    Failure(
        "unknown-host", "author",
        r"Could not resolve host|unable to look up|Name or service not known|"
        r"nodename nor servname|No address associated",
        "There is no server with the name {host}, or there is no connection to the internet.",
        "Check the network connection and the address.",
    ),
    Failure(
        "timed-out", "network",
        r"Connection timed out|Operation timed out|Connection timeout|Timeout was reached|"
        r"after \d+ ms: Timeout|Connection to \S+ port \d+ timed out",
        "{host} does not answer.",
        f"Check the network connection. {_WAIT}.",
    ),
    Failure(
        "unreachable", "network",
        r"Network is unreachable|No route to host|Network is down|Host is down",
        "There is no way from here to {host}.",
        "Check the network connection; on a hub, ask its administrator whether {host} is allowed.",
    ),
    Failure(
        "connection-refused", "network",
        r"(?:Failed|connect) to (?:connect to )?(?:host )?(?P<what>\S+) port [^\n]*"
        r"(?:Could(?:n't| not) connect|refused)|Connection refused",
        "{host} is there, but no git server answers on it.",
        f"Check the address. {_WAIT}.",
    ),
    Failure(
        "ssh-host-unknown", "admin",
        r"Host key verification failed|REMOTE HOST IDENTIFICATION|No \S+ host key is known",
        "The identity of {host} is not known here, or it has changed.",
        "Use the https address, or have the host's key added to the known hosts.",
    ),
    Failure(
        "ssh-key-refused", "you",
        r"Permission denied \(|Permission denied, please try again|Too many authentication "
        r"failures|no mutual signature|Load key ",
        "{host} did not accept an ssh key of yours.",
        "Use the https address, or add your public key to your account there.",
    ),
    Failure(
        "ssh-missing", "admin",
        r"cannot run ssh|ssh: not found|ssh: command not found",
        "The ssh program, which the address {url} needs, is not installed here.",
        "Use the https address, or ask the hub's administrator to install ssh.",
    ),
    Failure(
        "not-a-repository", "author",
        r"does not appear to be a git repository|not valid: is this a git repository|"
        r"bad line length character|not a git repository|invalid server response|"
        r"unexpected response|protocol error: expected sha/ref|content unencoding|"
        r"unable to update url base from redirection|Maximum \(\d+\) redirects",
        "What answers at {url} is not a git repository.",
        f"{_ASK} to check the address.",
    ),
    Failure(
        "dumb-server", "author",
        r"dumb http transport does not support|rpc service '[^']*' not supported",
        "{host} offers the repository only in an old way that cannot send a part of it.",
        "Ask for all of the history (depth 0), or use another server.",
    ),
    Failure(
        "commit-not-found", "author",
        r"not our ref (?P<what>[0-9a-f]+)|couldn't find remote ref (?P<commit>[0-9a-f]{40,64})$|"
        r"does not allow request for unadvertised object (?P<object>\S+)",
        "The repository {url} does not have the commit {what}.",
        f"{_ASK} for a branch or a tag.",
    ),
    Failure(
        "ref-not-found", "author",
        r"couldn't find remote ref (?P<what>[^\n]+)|Remote branch (?P<branch>[^\n]+) not found|"
        r"no such remote ref (?P<ref>[^\n]+)",
        "The repository {url} has no branch or tag named '{what}'.",
        f"{_ASK} to correct the branch.",
    ),
    Failure(
        "interrupted", "network",
        r"early EOF|unexpected disconnect|hung up|transfer closed|Empty reply|expected flush|"
        r"expected 'packfile'|expected 'acknowledgments'|Recv failure|Send failure|"
        r"Connection reset|Connection closed by|Broken pipe|bad pack header|pack is corrupted|"
        r"invalid index-pack output|index-pack failed|unpack-objects failed|RPC failed; curl|"
        r"HTTP/2 stream|bytes of body are still expected",
        "The connection to {host} broke off.",
        "Try again; your files are as they were.",
    ),
)  # fmt: skip

KILLED = Failure(
    "git-killed", "admin", "",
    "Git was ended from outside, as happens when memory runs out.",
    "Try again; if it happens again, ask the hub's administrator for more memory.",
)  # fmt: skip

OTHER = Failure(
    "git-failed", "admin", "",
    "Git could not get the content: {what}",
    "Show this message to whoever gave you the link.",
)  # fmt: skip

PROXY_UNREACHABLE = Failure(
    "proxy-unreachable", "admin", "",
    "The proxy {what}, which this server uses to reach the internet, does not answer.",
    "Ask the hub's administrator to check the proxy settings.",
)  # fmt: skip

EMPTY_REPOSITORY = Failure(
    "empty-repository", "author", "",
    "The repository {url} is empty.",
    f"{_ASK} whether the content has been published yet.",
)  # fmt: skip

_BY_CODE = {failure.code: failure for failure in FAILURES}
CONNECTION_REFUSED = _BY_CODE["connection-refused"]
DUMB_SERVER = _BY_CODE["dumb-server"]
INTERRUPTED = _BY_CODE["interrupted"]
NOT_A_REPOSITORY = _BY_CODE["not-a-repository"]
PROTOCOL_NOT_ALLOWED = _BY_CODE["protocol-not-allowed"]
PROTOCOL_UNKNOWN = _BY_CODE["protocol-unknown"]
REF_NOT_FOUND = _BY_CODE["ref-not-found"]
STALLED = _BY_CODE["stalled"]
