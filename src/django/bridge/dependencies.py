"""What the project's answers depend on: all that is read, listed or looked for, and whether the outside was asked.

Python's own events tell of files that are opened, folders that are listed, sockets and processes. Whether a file is there
is asked without one, so those functions are replaced. Installed for `pgtool lint` alone: it may keep the answers.
"""
import _posixsubprocess
import functools
import os
import stat
import sys
from _thread import get_ident  # By name: before gevent replaces it.

from pgtool_bridge import shims

PACKAGES = "site-packages", "dist-packages"
LIBRARY = os.path.dirname(os.path.abspath(os.__file__)) + os.sep
# They list a folder to find modules in it, or what is told of packages: nothing else there matters.
LISTERS = ("<frozen importlib._bootstrap_external>", LIBRARY + "pkgutil.py", "importlib/metadata/__init__.py", "importlib/metadata.py",
           "importlib_metadata/__init__.py", "pkg_resources/__init__.py")
# What they learn outside is the machine's own, or they only tell something to it.
HARMLESS = tuple(LIBRARY + name for name in ("ctypes/util.py", "platform.py", "uuid.py", "logging/handlers.py"))
NO_FILES = "/proc/", "/sys/", "/dev/"
CONNECTS, STARTS = "connects to something", "starts another process"
OUTSIDE = {
    **dict.fromkeys(("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
                     "socket.gethostbyaddr", "sqlite3.connect"), CONNECTS),
    **dict.fromkeys(("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.spawn", "os.fork", "os.forkpty"), STARTS),
}
LOGS = "/dev/log", "/run/systemd/journal/dev-log", "/run/systemd/journal/socket"


class Watch:
    """Begins when it is made. What is noticed first of a file counts: it cannot have been read before."""

    def __init__(self, python):
        self._files, self._folders, self._looked_for, self._outside = {}, {}, {}, []
        self._asks_hostname = False
        self._listing = set()
        self._descriptors = set(os.listdir("/proc/self/fd"))
        self._shim = shims.Shim(python)
        self._stat, self._lstat = os.stat, os.lstat
        self._actions = {"open": self._opened, "os.listdir": self._listed, "os.scandir": self._listed,
                         "socket.gethostname": self._hostname, **{name: functools.partial(self._went_outside, words)
                                                                  for name, words in OUTSIDE.items()}}
        for name in "stat", "lstat", "access":
            _replace(name, Looking(getattr(os, name), functools.partial(self._looked, name == "lstat")))
        self._telling("fork_exec", STARTS, _posixsubprocess)  # multiprocessing calls it without an event.
        sys.addaudithook(self._hear)

    def patches(self):
        """Of modules that connect without an event."""
        return {"psycopg2": functools.partial(self._telling, "_connect", CONNECTS),
                "psycopg.generators": functools.partial(self._telling, "connect", CONNECTS)}

    def answer(self):
        """{"outside": words, "files", "folders", "looked_for", …}; a file that was there has its size, times and inode."""
        for file in self._files_of_modules():
            self._note_file(file)
        self._note_path()
        for file in self._shim.files():
            self._note_file(file)
        if self._holds_connection():
            self._outside.append("it holds a connection")
        mine, packages = {}, {}
        for file, state in self._files.items():
            (packages if _is_package(file) else mine)[file] = state
        return {"outside": self._outside[:1] + self._shim.doubts(), "files": mine, "packages": packages,
                "folders": [[path, kind, names] for (path, kind), names in self._folders.items()],
                "looked_for": [[path, is_link, state] for (path, is_link), state in self._looked_for.items()],
                "hostname": self._asks_hostname, "executable": sys.executable,
                "base": getattr(sys, "_base_executable", None) or sys.executable}

    def _hear(self, event, arguments):
        action = self._actions.get(event)
        if action is not None:
            try:
                action(*arguments)
            except Exception as error:
                self._outside.append("it could not be watched (%s)" % type(error).__name__)

    def _opened(self, path, mode=None, flags=0):
        if isinstance(path, int) or flags & os.O_ACCMODE == os.O_WRONLY or flags & (os.O_TRUNC | os.O_EXCL):
            return  # What stood there, if anything, is not read.
        self._note_file(_source_of(_absolute(path)))

    def _note_file(self, path):
        if path in self._files or _is_left_out(path):
            return
        found = self._state(path)
        if found is None or stat.S_ISREG(found.st_mode):
            self._files[path] = found and [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]
        elif not stat.S_ISDIR(found.st_mode):
            self._outside.append("it reads %s, which is no file" % path)

    def _state(self, path):
        try:
            return self._stat(path)
        except (OSError, ValueError):
            return None

    def _listed(self, path=None):
        if get_ident() in self._listing:
            return
        if isinstance(path, int):
            self._outside.append("it lists a folder by its descriptor")
            return
        caller = sys._getframe(2).f_code.co_filename  # Above _hear.
        self._note_folder(_absolute(path or "."), "modules" if caller.endswith(LISTERS) else "names")

    def _note_folder(self, path, kind):
        inside = _is_package(path) and os.path.basename(path) not in (*PACKAGES, "migrations")
        if (path, kind) in self._folders or inside or _is_left_out(path + os.sep):
            return
        self._listing.add(get_ident())
        try:
            self._folders[path, kind] = sorted(map(os.fsdecode, os.listdir(path)))
        except OSError:
            self._folders[path, kind] = None
        finally:
            self._listing.discard(get_ident())

    def _looked(self, is_link, path):
        if isinstance(path, int):
            return
        path = _absolute(path)
        if (path, is_link) in self._looked_for or _is_left_out(path) or _is_package(path):
            return
        self._looked_for[path, is_link] = self._kind(path, is_link)

    def _kind(self, path, is_link):
        try:
            mode = (self._lstat if is_link else self._stat)(path).st_mode
            if is_link and stat.S_ISLNK(mode):
                return "link:" + os.readlink(path)
        except (OSError, ValueError):
            return "absent"
        return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"

    def _hostname(self, *arguments):
        self._asks_hostname = True

    def _went_outside(self, words, *arguments):
        place, frame = "", sys._getframe(1)
        while frame is not None:
            file = frame.f_code.co_filename
            if file in HARMLESS:
                return
            if not place and os.path.isabs(file) and not _is_package(file) and not file.startswith(LIBRARY):
                place = " (%s:%d)" % (file, frame.f_lineno)
            frame = frame.f_back
        self._outside.append("it %s%s" % (words, place))

    def _telling(self, name, words, module):
        original = getattr(module, name, None)
        if original is None:
            return

        @functools.wraps(original)
        def told(*args, **kwargs):
            self._went_outside(words)
            return original(*args, **kwargs)

        setattr(module, name, told)

    def _files_of_modules(self):
        for module in list(sys.modules.values()):
            try:
                file = module.__dict__.get("__file__")
            except AttributeError:
                continue
            if isinstance(file, str):
                yield _source_of(_absolute(file))

    def _note_path(self):
        self._note_file(os.path.join(sys.prefix, "pyvenv.cfg"))
        for entry in map(_absolute, filter(lambda entry: isinstance(entry, str), sys.path)):
            if os.path.basename(entry) in PACKAGES:
                self._note_folder(entry, "names")
                for name in self._folders[entry, "names"] or ():
                    if name.endswith((".pth", ".egg-link")):
                        self._note_file(os.path.join(entry, name))
            elif self._kind(entry, False) == "file":
                self._note_file(entry)
            else:
                self._note_folder(entry, "modules")

    def _holds_connection(self):
        """Drivers that are written in C connect without an event."""
        import socket

        for name in set(os.listdir("/proc/self/fd")) - self._descriptors:
            try:
                if not stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                    continue
                with socket.socket(fileno=os.dup(int(name))) as held:
                    peer = held.getpeername()
            except OSError:  # Nobody is on its other side.
                continue
            if peer and peer not in LOGS:
                return True
        return False


class Looking:
    """A function of os that is told to somebody. No function itself: as an attribute of a class it would be a method."""

    def __init__(self, original, tell):
        self._original, self._tell = original, tell
        functools.update_wrapper(self, original)

    def __call__(self, path, *args, **kwargs):
        try:
            if kwargs.get("dir_fd") is None:
                self._tell(path)
        except Exception:
            pass  # The function itself will say what is wrong with it.
        return self._original(path, *args, **kwargs)


def _replace(name, wrapper):
    original = getattr(os, name)
    for able in os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks, os.supports_effective_ids:
        if original in able:
            able.add(wrapper)
    setattr(os, name, wrapper)
    accessor = getattr(sys.modules.get("pathlib"), "_NormalAccessor", None)  # Python before 3.11 has taken it by then.
    if name in vars(accessor or object):
        setattr(accessor, name, wrapper)


def _absolute(path):
    return os.path.abspath(os.fsdecode(path))


def _source_of(path):
    """The file that a compiled module was made from."""
    folder, name = os.path.split(path)
    if name.endswith(".pyc") and os.path.basename(folder) == "__pycache__":
        return os.path.join(os.path.dirname(folder), name.partition(".")[0] + ".py")
    return path


def _is_package(path):
    return any(os.sep + name in path for name in PACKAGES)


def _is_left_out(path):
    """Python's own library, which its version stands for, and what is no file of anybody."""
    prefix = getattr(sys, "pycache_prefix", None)
    return path.startswith(NO_FILES) or path.startswith(LIBRARY) and not _is_package(path) or bool(prefix) and path.startswith(prefix)
