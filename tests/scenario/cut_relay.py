"""A relay of plain bytes that a test can cut."""
import socket
import threading


class Relay:
    """Leads from a port of its own to another one."""

    def __init__(self, target):
        self._target, self._open, self._lock = target, [], threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                return
            with self._lock:
                self._open += [client, server]
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    @staticmethod
    def _copy(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        """Ends every connection at once; new ones may come."""
        with self._lock:
            for one in self._open:
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self._open = []

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)  # else the thread that accepts keeps it open
        self._listener.close()
        self.cut()
