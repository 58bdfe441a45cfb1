"""What to do about an error of the Cloud API: one table, by the error's code and never by its title.

Codes: https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes. They come in the answer to a
request, in a later status, or in both.
"""

from typing import NamedTuple

#: Waits in seconds before attempts 2, 3, 4…; no more of them after the last.
TRANSIENT = (60, 300, 1500, 3600, 7200)
THROUGHPUT = (30, 120, 480, 1920, 3600)
PAIR = (6, 24, 96, 384, 1536)
HEALTHY = (24 * 3600,)
ONCE = (60,)


class Policy(NamedTuple):
    """What an error calls for.

    :ivar action: `retry` this message, `pause` the number and retry, `give_up` on this channel, `fix_template`,
        `stop` the number, `opt_out`, or `template` (only a template may be sent now)
    :ivar waits: seconds before each further attempt
    """

    action: str
    waits: tuple = ()

    def wait(self, attempts):
        """Return the seconds to wait after so many attempts, None when there are no more.

        >>> Policy('retry', (60, 300)).wait(1), Policy('retry', (60, 300)).wait(3)
        (60, None)
        """
        return self.waits[attempts - 1] if attempts <= len(self.waits) else None


_BY_POLICY = {
    Policy('retry', TRANSIENT): (1, 2, 131000, 131016, 131057, 133004),
    Policy('retry', PAIR): (131056,),
    Policy('retry', HEALTHY): (131049,),
    Policy('retry', ONCE): (131052, 131053),
    Policy('pause', THROUGHPUT): (4, 80007, 130429),
    Policy('give_up'): (
        130472, 131026, 131021, 131030, 100, 131008, 131009, 131051, 131062, 137000, 130497,
    ),
    Policy('template'): (131047,),
    Policy('opt_out'): (131050,),
    Policy('fix_template'): (132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018),
    Policy('stop'): (
        0, 3, 10, 190, 368, 131005, 131031, 131037, 131042, 131044, 131045, 131048, 131064, 133010,
        *range(200, 300),
    ),
}  # fmt: skip
POLICIES = {code: policy for policy, codes in _BY_POLICY.items() for code in codes}


def policy_for(code, http_status=0):
    """Return the Policy of an error.

    A code nobody knows is retried when the server is at fault, and given up when the request is.

    >>> policy_for(131026).action, policy_for(130429).action, policy_for(190).action
    ('give_up', 'pause', 'stop')
    >>> policy_for(999999, 503).action, policy_for(999999, 400).action
    ('retry', 'give_up')
    """
    known = POLICIES.get(code)
    if known:
        return known
    return Policy('retry', TRANSIENT) if http_status >= 500 else Policy('give_up')
