"""A mail server on loopback that keeps every message in a folder: ``python -m palier.demo.smtp PORT FOLDER``."""

import os
import signal
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

LARGEST = 25 * 1024 * 1024


class Keeper:
    """Writes each message as one .eml file, whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Store the message; its name sorts by arrival and cannot be guessed."""
        name = f"{time.time_ns():020d}-{os.urandom(6).hex()}"
        temporary = self.folder / f"{name}.tmp"
        recipients = ", ".join(envelope.rcpt_tos).encode("ascii", "replace")
        temporary.write_bytes(
            b"X-Palier-Destinataires: " + recipients + b"\r\n" + (envelope.original_content or b"")
        )
        temporary.replace(self.folder / f"{name}.eml")
        return "250 OK"


def main(port: int, folder: Path) -> None:
    """Listen until SIGTERM or SIGINT."""
    folder.mkdir(parents=True, exist_ok=True)
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=port, data_size_limit=LARGEST)
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main(int(sys.argv[1]), Path(sys.argv[2]))
