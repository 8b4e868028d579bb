"""Things on the network that are no PostgreSQL: one that swallows, one that never accepts, one that asks for the password."""
import socket
import struct
import threading

from processes import free_port


class Silent:
    """Accepts connections and never says a word."""

    def __init__(self, backlog=50):
        self.socket = socket.socket()
        self.port = free_port()
        self.socket.bind(("127.0.0.1", self.port))
        self.socket.listen(backlog)
        self._fillers = []

    def close(self):
        for filler in (*self._fillers, self.socket):
            filler.close()


class Full(Silent):
    """A listener whose queue is full: the handshake itself gets no answer."""

    def __init__(self):
        super().__init__(backlog=0)
        while True:
            filler = socket.socket()
            filler.settimeout(0.3)
            self._fillers.append(filler)
            try:
                filler.connect(("127.0.0.1", self.port))
            except TimeoutError:
                return


class PasswordTrap:
    """Speaks enough of the protocol to be sent a password in clear, and keeps all bytes that it was sent."""

    def __init__(self):
        self.port, self.received, self.startups, self.passwords = free_port(), b"", 0, []
        self._socket = socket.create_server(("0.0.0.0", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            client.settimeout(10)
            try:
                self._converse(client)
            except (OSError, EOFError):
                return

    def _converse(self, client):
        while True:
            length, code = struct.unpack("!II", self._take(client, 8))
            rest = self._take(client, length - 8)
            if code not in (80877103, 80877104):  # not a request for TLS or GSS
                break
            client.sendall(b"N")
        if code == 80877102 or b"user" not in rest:
            return
        self.startups += 1
        client.sendall(b"R" + struct.pack("!II", 8, 3))
        kind = self._take(client, 1)
        (length,) = struct.unpack("!I", self._take(client, 4))
        body = self._take(client, length - 4)
        if kind == b"p":
            self.passwords.append(body.rstrip(b"\0").decode(errors="replace"))

    def _take(self, client, size):
        data = b""
        while len(data) < size:
            piece = client.recv(size - len(data))
            if not piece:
                raise EOFError
            data += piece
        self.received += data
        return data

    def close(self):
        self._socket.close()


def other_name_of_this_host():
    """An address of this machine that is not a loopback one, so that it counts as another host than the pooler's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # chooses the interface; sends nothing
            address = probe.getsockname()[0]
        except OSError:
            address = "127.0.0.1"
    return socket.gethostname() if address.startswith("127.") else address
