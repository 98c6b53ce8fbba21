# SPDX-License-Identifier: Apache-2.0
"""A daemon of the product, run by whoever plays around it: what it says goes into a log."""

import pathlib
import signal
import subprocess


class Daemon:
    def __init__(self, program, log, environment=None):
        """environment: of the process; None: ours."""
        self.program = program
        self.log = pathlib.Path(log)
        self.environment = environment
        self.process = None

    def run(self, conf):
        """Starts it with that configuration file, and waits for nothing."""
        with open(self.log, "ab") as said:
            self.process = subprocess.Popen(
                [self.program, "--config", conf], stdout=said, stderr=said, env=self.environment,
                process_group=0)  # Ctrl-C at the terminal is for whoever runs it
        return self

    def stop(self, how=signal.SIGTERM, timeout=90):
        """Ends it; returns its exit status (negative: the signal), None when it did not run."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(how)
        status = self.process.wait(timeout)
        self.process = None
        return status
