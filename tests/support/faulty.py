"""A git server that misbehaves as told, and certificates that no one should trust.

>>> with FaultyServer(root, faults=Faults(cut_after=1000)) as server:
...     git("clone", server.url_of("course.git"))

``server.faults`` may be replaced at any time; ``server.requests`` holds what was asked.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from nbpull_server.demo.githttp import GitHandler, GitServer


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What goes wrong.

    ``matching`` and ``times`` say for which requests: those whose request line contains the
    text, and only for so many of them. Bytes are counted over all answers, their headers
    included, from the moment the faults were set: byte N of the conversation, not of one answer.
    """

    delay: float = 0  # seconds before each answer: a round trip
    status: int | None = None  # answer with this and no content
    retry_after: str | None = None
    body: bytes = b""  # what comes with the status
    content_type: str = "text/plain"
    cut_after: int | None = None  # close the connection when so many bytes have been sent
    stall_after: int | None = None  # say nothing more when so many bytes have been sent
    rate: int | None = None  # bytes a second
    matching: str = ""
    times: int | None = None


@dataclass(slots=True)
class _State:
    faults: Faults
    sent: int = 0
    hits: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def applies_to(self, request_line):
        with self.lock:
            if self.faults.matching not in request_line:
                return False
            self.hits += 1
            return self.faults.times is None or self.hits <= self.faults.times


class _Writer:
    """Passes bytes on until the fault strikes."""

    def __init__(self, raw, server):
        self.raw, self.server = raw, server
        self.state = None  # the faults of the request that is being answered

    def write(self, data):
        if self.state is None:
            return self.raw.write(data)
        faults = self.state.faults
        limit = min(
            (n for n in (faults.cut_after, faults.stall_after) if n is not None), default=None
        )
        with self.state.lock:
            allowed = len(data) if limit is None else max(0, limit - self.state.sent)
            self.state.sent += len(data)
        if faults.rate:
            self._trickle(data[:allowed], faults.rate)
        else:
            self.raw.write(data[:allowed])
        if allowed < len(data):
            if faults.stall_after is not None:
                self.server.ending.wait()
            raise ConnectionAbortedError
        return len(data)

    def _trickle(self, data, rate):
        step = max(1, rate // 20)
        for at in range(0, len(data), step):
            block = data[at : at + step]
            self.raw.write(block)
            if self.server.ending.wait(len(block) / rate):
                raise ConnectionAbortedError

    def __getattr__(self, name):
        return getattr(self.raw, name)


class _FaultyHandler(GitHandler):
    def setup(self):
        super().setup()
        self.wfile = _Writer(self.wfile, self.server.owner)

    def before(self):
        owner = self.server.owner
        owner.requests.append(self.requestline)
        state = owner.state
        self.wfile.state = state if state.applies_to(self.requestline) else None
        if self.wfile.state is None:
            return True
        faults = state.faults
        if faults.delay:
            owner.ending.wait(faults.delay)
        if faults.status is None:
            return True
        self.send_response(faults.status)
        if faults.retry_after is not None:
            self.send_header("Retry-After", faults.retry_after)
        if faults.status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.send_header("Content-Type", faults.content_type)
        self.send_header("Content-Length", str(len(faults.body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(faults.body)
        return False


class FaultyServer(GitServer):
    """A :class:`GitServer` with faults; keyword arguments as there, and ``faults``."""

    handler = _FaultyHandler

    def __init__(self, root, *, faults=None, **options):
        super().__init__(root, **options)
        self.requests = []
        self.ending = threading.Event()
        self.faults = faults or Faults()

    @property
    def faults(self):
        return self.state.faults

    @faults.setter
    def faults(self, faults):
        """Replace the faults; every count starts again."""
        self.state = _State(faults)

    def __exit__(self, *exc_info):
        self.ending.set()
        super().__exit__(*exc_info)


def tls_context(directory, *, hosts=("127.0.0.1", "localhost"), expired=False):
    """Make a self-signed certificate; give the server's context and the certificate's path.

    A client that is told to trust the certificate (``GIT_SSL_CAINFO``) still refuses one
    that has expired or that names other hosts.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    now = dt.datetime.now(dt.timezone.utc)
    end = now - dt.timedelta(days=1) if expired else now + dt.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=9))
        .not_valid_after(end)
        .add_extension(
            x509.SubjectAlternativeName([_general_name(host) for host in hosts]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = directory / "server.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


def _general_name(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
