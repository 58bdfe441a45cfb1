"""Send messages at a number's speed, several at once: most of the time of each is waiting for the answer."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from .cloud_api import ApiError, NoAnswer, NotConnected

#: Enough for 80 messages a second whose answers take 0.4 seconds.
THREADS = 32


class Job(NamedTuple):
    """A message to send.

    :ivar key: what its outcome is told by
    :ivar payload: body of the request
    :ivar at: Unix time before which it must not leave
    """

    key: str
    payload: dict
    at: float


class Outcome(NamedTuple):
    """What became of a message.

    :ivar state: `sent`, `refused`, `unreached` (never left), `unknown` (may have left) or `waiting` (not tried:
        one before it, to the same person, did not go)
    """

    key: str
    state: str
    external_id: str = ''
    receiver: str = ''
    code: int = 0
    message: str = ''
    http_status: int = 0


class Sender:
    """Sends chains of jobs: chains side by side, the jobs of one chain one after the other."""

    def __init__(self, api, threads=THREADS, clock=time):
        self._api, self._clock = api, clock
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix='whatsapp')

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        """Let what was started come to its end; nobody waits for it here."""
        self._pool.shutdown(wait=False)

    def start(self, chains):
        """Begin to send; return what `finish` waits for."""
        return [self._pool.submit(self._send_chain, chain) for chain in chains]

    @staticmethod
    def finish(started):
        """Return the Outcome of every job, in their order."""
        return [outcome for future in started for outcome in future.result()]

    def _send_chain(self, chain):
        outcomes = []
        for job in chain:
            if outcomes and outcomes[-1].state != 'sent':
                outcomes.append(Outcome(job.key, 'waiting'))
            else:
                outcomes.append(self._send(job))
        return outcomes

    def _send(self, job):
        self._clock.sleep(max(0, job.at - self._clock.time()))
        try:
            external_id, receiver = self._api.send(job.payload)
        except ApiError as error:
            return Outcome(job.key, 'refused', '', '', error.code, error.message, error.http_status)
        except NotConnected as error:
            return Outcome(job.key, 'unreached', message=str(error))
        except NoAnswer as error:
            return Outcome(job.key, 'unknown', message=str(error))
        return Outcome(job.key, 'sent', external_id, receiver)


def parts(letters, size):
    """Return them in parts of `size`; the first may be smaller, the last leaves time to prepare the next batch.

    >>> parts('abcdefg', 3)
    ['a', 'bcd', 'efg']
    >>> parts('abcdef', 3), parts('ab', 3), parts('', 3)
    (['abc', 'def'], ['ab'], [])
    """
    ends = range(len(letters) % size, len(letters) + 1, size)
    return [letters[max(0, end - size) : end] for end in ends if end]
