"""Receives the bridge over a socket to pgtool, in one of two roles: `python -c BOOT FD ENTRY [ARGS…]`
launches ENTRY; as the sitecustomize module of a Python that the project started it joins the run.

Kept free of new syntax, so that an interpreter that is too old says so in words.
"""
import os
import sys

GONE = "pgtool: the supervising pgtool process is gone, stopping"


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
    return b"".join(parts).decode("utf-8")


def _meet(path):
    """A socket to pgtool, and what it sends first."""
    import _socket  # Not socket: that would be one more import for every Python of the run.

    end = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
    end.connect(path)
    fd = end.detach()
    return fd, _receive(fd)


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


def _install(payload):
    """Make pgtool_bridge importable; returns the configuration of the run."""
    if sys.version_info < (3, 8):
        sys.exit("pgtool: %s is python %d.%d, expected 3.8 or newer" % ((sys.executable,) + sys.version_info[:2]))
    import json

    payload = json.loads(payload)
    package = type(sys)("pgtool_bridge")
    package.__path__ = []
    package.meet = _meet
    sys.modules["pgtool_bridge"] = package
    sys.meta_path.insert(0, _Sources(payload["modules"]))
    return payload["config"]


def _boot():
    fd = int(sys.argv[1])
    os.set_inheritable(fd, False)
    config = _install(_receive(fd))
    from pgtool_bridge import launch

    launch.launch(fd, config, sys.argv[2:])


class _Joiner(object):
    """Joins the run when this Python is about to use Django or to start another process: most never do."""

    # An older Python cannot be watched: it may do anything but use Django.
    triggers, starters = ("django",), ()
    if sys.version_info >= (3, 8):
        triggers += ("subprocess", "multiprocessing.util")
        starters = ("execv", "execve", "posix_spawn", "posix_spawnp", "system")

    def __init__(self, path):
        self.path = path
        self.joined = False
        self.originals = {name: getattr(os, name) for name in self.starters if hasattr(os, name)}

    def wait(self):
        if any(name in sys.modules for name in self.triggers):  # By a .pth file, which comes before us.
            return self.join()
        sys.meta_path.insert(0, self)
        for name in self.originals:
            setattr(os, name, self.joining(name))

    def joining(self, name):
        def join_first(*args, **kwargs):
            self.join()
            return getattr(os, name)(*args, **kwargs)

        return join_first

    def find_spec(self, name, path=None, target=None):
        if name not in self.triggers:
            return None
        self.join()
        for finder in list(sys.meta_path):  # From the first again: joining put new ones there.
            spec = finder.find_spec(name, path, target) if hasattr(finder, "find_spec") else None
            if spec is not None:
                return spec
        return None

    def join(self):
        if self.joined:
            return
        self.joined = True
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        for name, original in self.originals.items():
            setattr(os, name, original)
        try:
            fd, payload = _meet(self.path)
            config = _install(payload)
        except OSError:
            _leave(GONE)
        except SystemExit as error:
            _leave(str(error))
        from pgtool_bridge import launch

        launch.join(fd, config)


def _leave(reason):
    """Whatever this process is about to do, nobody would see where it connects to."""
    os.write(2, (reason + "\n").encode())
    os._exit(4)


def _hand_on():
    """Leave the path as it would be without us, and run the sitecustomize that we stand in front of."""
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    ours = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [folder for folder in sys.path if folder != ours]
    del sys.modules["sitecustomize"]
    spec = PathFinder.find_spec("sitecustomize", sys.path)
    if spec is None:
        raise ImportError("no other sitecustomize", name="sitecustomize")
    module = sys.modules["sitecustomize"] = module_from_spec(spec)
    spec.loader.exec_module(module)


if __name__ == "__main__":
    _boot()
else:
    if os.environ.get("PGTOOL_BRIDGE"):
        _Joiner(os.environ["PGTOOL_BRIDGE"]).wait()
    if __name__ == "sitecustomize":
        _hand_on()
