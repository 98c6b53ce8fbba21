# SPDX-License-Identifier: Apache-2.0
"""A site's line to the broker, on loopback: it forwards bytes, counts them, and can be cut, so that
the courier at its end is left as by a router without power."""

import contextlib
import socket
import threading

PIECE_BYTES = 65536


class Link:
    def __init__(self, broker_port):
        self.broker_port = broker_port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.up = True
        self.ends = set()  # sockets of connections that stand
        self.bytes_up = 0
        self.bytes_down = 0
        self.lock = threading.Lock()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return  # closed
            far = None
            with self.lock, contextlib.suppress(OSError):  # the broker may be gone
                if self.up:
                    far = socket.create_connection(("127.0.0.1", self.broker_port))
                    self.ends |= {near, far}
            if far is None:
                near.close()
                continue
            for start, end, way in ((near, far, "bytes_up"), (far, near, "bytes_down")):
                threading.Thread(target=self.forward, args=(start, end, way), daemon=True).start()

    def forward(self, start, end, way):
        with contextlib.suppress(OSError):
            while piece := start.recv(PIECE_BYTES):
                end.sendall(piece)
                with self.lock:
                    setattr(self, way, getattr(self, way) + len(piece))
        for side in (start, end):
            self.hang_up(side)

    def hang_up(self, side):
        with self.lock:
            self.ends.discard(side)
        with contextlib.suppress(OSError):
            side.shutdown(socket.SHUT_RDWR)
        side.close()

    def cut(self):
        """What is under way is lost, and nobody gets through."""
        with self.lock:
            self.up = False
            ends = list(self.ends)
        for side in ends:
            self.hang_up(side)

    def mend(self):
        with self.lock:
            self.up = True

    def close(self):
        self.cut()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
