"""Throw-away poolers beside PgBouncer.

They know no connect_query to mark their sessions with; instead they alone come to the server by its unix socket.
"""
import os

from processes import POOLER_PROGRAMS
from servers import SECRET, Bouncer, Pooler

BY_SOCKET = "connection received: host=[local]"
USERS = ("app", "owner")


class Pgpool(Pooler):
    """Pgpool-II, with which each client has a server session of its own."""

    modes = ("session",)

    def __init__(self, database, mode="session", **settings):
        super().__init__("pgpool")
        self.mode, self._more = mode, settings
        database.marks.add(BY_SOCKET)
        self._write("pool_passwd", "".join(f"{user}:TEXT{SECRET}\n" for user in USERS))
        self._start("-n", "-f", self._write("pgpool.conf", self._settings(database.cluster)),
                    "-a", self._write("pool_hba.conf", "host all all all scram-sha-256\n"), "-F", self._write("pcp.conf", ""))

    def _settings(self, cluster):
        values = {
            "backend_clustering_mode": "streaming_replication", "backend_hostname0": cluster.home, "backend_port0": cluster.port,
            "backend_flag0": "ALWAYS_PRIMARY", "sr_check_user": "postgres", "sr_check_period": 0, "listen_addresses": "*",
            "port": self.port, "pcp_listen_addresses": "", "pcp_socket_dir": self.home, "enable_pool_hba": "on",
            "pool_passwd": self.home / "pool_passwd", "pid_file_name": self.home / "pgpool.pid", "logdir": self.home,
            "num_init_children": 12, self._folder_setting(): self.home, **self._more}
        return "".join(f"{name} = '{value}'\n" for name, value in values.items())

    def _folder_setting(self):
        return "unix_socket_directories" if tuple(map(int, self.version().split("."))) >= (4, 4) else "socket_dir"


class Odyssey(Pooler):
    """Odyssey, whose console is a database by the name `console`."""

    modes = ("session", "transaction")

    def __init__(self, database, mode):
        super().__init__("odyssey")
        self.mode = mode
        database.marks.add(BY_SOCKET)
        self._start(self._write("odyssey.conf", self._settings(database.cluster)))

    def _settings(self, cluster):
        served = "".join(self._user(user, f'storage "server" pool "{self.mode}"') for user in USERS)
        console = self._user("pooladmin", 'storage "console" pool "session" role "admin"')
        return (f'daemonize no\nworkers 1\nlog_to_stdout yes\nlog_format "%l (%c) %m\\n"\n'
                f'listen {{ host "*" port {self.port} }}\nunix_socket_dir "{cluster.home}"\nunix_socket_mode "0600"\n'
                f'storage "server" {{ type "remote" port {cluster.port} }}\nstorage "console" {{ type "local" }}\n'
                f'database default {{ {served} }}\ndatabase "console" {{ {console} }}\n')

    def _user(self, name, words):
        return f'user "{name}" {{ authentication "scram-sha-256" password "{SECRET}" {words} }}\n'

    def console(self):
        return self.url("console", "pooladmin")


# tests/setup installs the first two; only a cell of tests/matrix brings the third.
AT_HAND = [Bouncer, Pgpool] + [Odyssey] * bool(os.environ.get(POOLER_PROGRAMS["odyssey"]))
