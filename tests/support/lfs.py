"""Large files: what git keeps in their place, and a server that has them (Git LFS, batch API).

>>> with LfsServer(root) as server:
...     teacher.publish({"big.bin": server.keep(b"content")})
"""

from __future__ import annotations

import hashlib
import json

from faulty import FaultyServer

ATTRIBUTES = "*.bin filter=lfs diff=lfs merge=lfs -text\n"


def pointer(content):
    """Give what git keeps in the place of a large file."""
    oid = hashlib.sha256(content).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{oid}\nsize {len(content)}\n"


class _Handler(FaultyServer.handler):
    def before(self):
        if not super().before():
            return False
        path = self.path.partition("?")[0]
        if "/info/lfs/" not in path:
            return True
        if not self.server.owner.admits(self.headers.get("Authorization", "")):
            self.refuse(401, WWW_Authenticate='Basic realm="lfs"')
        elif path.endswith("/objects/batch"):
            self._batch(path)
        else:
            self._object(path.rpartition("/")[2])
        return False

    def _batch(self, path):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        owner = self.server.owner
        root = f"{owner.url}{path.removesuffix('objects/batch')}content"
        objects = []
        for it in asked["objects"]:
            if it["oid"] in owner.objects:
                action = {"download": {"href": f"{root}/{it['oid']}"}}
                objects.append({**it, "authenticated": True, "actions": action})
            else:
                missing = {"code": 404, "message": "Object does not exist on the server"}
                objects.append({**it, "error": missing})
        body = json.dumps({"transfer": "basic", "objects": objects}).encode()
        self._send(200, "application/vnd.git-lfs+json", body)

    def _object(self, oid):
        self._send(200, "application/octet-stream", self.server.owner.objects[oid])

    def _send(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class LfsServer(FaultyServer):
    """A :class:`FaultyServer` whose repositories keep large files too."""

    handler = _Handler

    def __init__(self, root, **options):
        super().__init__(root, **options)
        self.objects = {}

    def keep(self, content):
        """Keep a large file and give its pointer."""
        self.objects[hashlib.sha256(content).hexdigest()] = content
        return pointer(content)
