# SPDX-License-Identifier: Apache-2.0
"""A wire between two daemons: a forwarder on loopback that carries so many bytes towards the client
and then breaks, and whose bytes are counted."""

import selectors
import socket
import threading


class TcpLink:
    def __init__(self, port):
        """To 127.0.0.1:port. `left` bytes go to clients before it breaks; None: it holds."""
        self.to = ("127.0.0.1", port)
        self.left = None
        self.down = 0  # bytes that clients were given
        self.cuts = 0  # connections that broke
        self.connections = 0
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return  # ended
            self.connections += 1
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def allowed(self, n):
        """How many of n bytes may still pass towards a client."""
        with self.lock:
            n = n if self.left is None else min(n, self.left)
            self.left = None if self.left is None else self.left - n
            self.down += n
            return n

    def carry(self, client):
        with client:
            try:
                server = socket.create_connection(self.to)
            except OSError:
                return  # nobody is there: the client sees its end
            with server, selectors.DefaultSelector() as ready:
                ready.register(client, selectors.EVENT_READ, server)
                ready.register(server, selectors.EVENT_READ, client)
                try:
                    while self.pass_on(ready, client):
                        pass
                except OSError:
                    pass  # either end has gone

    def pass_on(self, ready, client):
        for key, _ in ready.select():
            data = key.fileobj.recv(16384)
            if not data:
                return False
            n = self.allowed(len(data)) if key.data is client else len(data)
            key.data.sendall(data[:n])
            if n < len(data):
                self.cuts += 1
                return False
        return True

    def end(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)  # also of the accept() that waits
        except OSError:
            pass  # ended before
        self.listener.close()
