"""Run as `python -c BOOT FD ENTRY [ARGS…]`: receive the bridge over the socket, then launch ENTRY.

Kept free of new syntax, so that an interpreter that is too old says so in words.
"""
import os
import sys


def _receive(fd):
    head = b""
    while not head.endswith(b"\n"):
        byte = os.read(fd, 1)
        if not byte:
            sys.exit("pgtool: the socket to pgtool closed before the bridge was sent")
        head += byte
    parts, missing = [], int(head)
    while missing:
        part = os.read(fd, min(missing, 65536))
        if not part:
            sys.exit("pgtool: the socket to pgtool closed while the bridge was sent")
        parts.append(part)
        missing -= len(part)
    import json

    return json.loads(b"".join(parts).decode("utf-8"))


class _Sources(object):
    """Imports pgtool_bridge.* from the sources that pgtool sent; also tells linecache their text."""

    prefix = "pgtool_bridge."

    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path=None, target=None):
        if name.startswith(self.prefix) and name[len(self.prefix) :] in self.sources:
            return type(os.__spec__)(name, self)
        return None

    def create_module(self, spec):
        return None

    def get_source(self, name):
        return self.sources.get(name[len(self.prefix) :])

    def exec_module(self, module):
        name = module.__name__
        path = "<pgtool_bridge>/" + name[len(self.prefix) :] + ".py"
        exec(compile(self.get_source(name), path, "exec", dont_inherit=True), module.__dict__)


def _boot():
    if sys.version_info < (3, 8):
        sys.exit("pgtool: %s is python %d.%d, expected 3.8 or newer" % ((sys.executable,) + sys.version_info[:2]))
    fd = int(sys.argv[1])
    os.set_inheritable(fd, False)
    payload = _receive(fd)
    package = type(sys)("pgtool_bridge")
    package.__path__ = []
    sys.modules["pgtool_bridge"] = package
    sys.meta_path.insert(0, _Sources(payload["modules"]))
    from pgtool_bridge import launch

    launch.launch(fd, payload["config"], sys.argv[2:])


_boot()
