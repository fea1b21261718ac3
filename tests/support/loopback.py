"""Keep the test process off every network but this machine's own."""

from __future__ import annotations

import ipaddress
import socket
import sys


class OutsideWorldError(AssertionError):
    """A test tried to leave the machine.

    An AssertionError, so that no `except OSError` of the code under test hides it.
    """


def is_local(host: object) -> bool:
    """Tell whether a host, as given to connect or to a look-up, is this machine."""
    if host is None:
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
    if name in {"", "localhost", "localhost.localdomain", socket.gethostname()}:
        return True
    # Names under .localhost are this machine by RFC 6761.
    if name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _guard(event: str, args: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        sock, address = args
        if isinstance(sock, socket.socket) and sock.family == getattr(socket, "AF_UNIX", None):
            return
        host = address[0] if isinstance(address, tuple) else None
    elif event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        host = args[0]
    else:
        return
    if not is_local(host):
        raise OutsideWorldError(f"a test may talk to this machine only, and {event} names {host!r}")


def stay_here() -> None:
    """Refuse, from now on and in this process, every connection and look-up that leaves it.

    An audit hook, not a patch: it also sees what C code and libraries with a socket of their
    own do, and nothing under test can put the old function back.
    """
    sys.addaudithook(_guard)
