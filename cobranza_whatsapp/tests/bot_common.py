"""Conversations with the bot."""

import json
from datetime import date
from decimal import Decimal

from ..tools.bot import Facts, Incoming, Item, State, advance

TODAY = date(2027, 3, 10)  # a Wednesday
FIRST = Item(1, 'F001-12', date(2027, 2, 1), Decimal(600), 'PEN', 'https://pay.example/1')
SECOND = Item(2, 'F001-13', date(2027, 3, 1), Decimal(400), 'PEN', 'https://pay.example/2')
DOLLARS = Item(3, 'X-77', date(2027, 3, 5), Decimal(50), 'USD', 'https://pay.example/3')
FACTS = Facts(TODAY, known=True, verified=True, tax_id='20-1234567-8', items=(FIRST, SECOND))
STRANGER = FACTS._replace(verified=False)
UNKNOWN = Facts(TODAY, known=False, verified=False)
NONSENSE = 'zzz'
PHOTO = Incoming(media='image', media_ref='photo')


class Chat:
    """A conversation: every state goes through JSON, as it does between two messages."""

    def __init__(self, facts=FACTS):
        self.facts, self.state, self.outputs = facts, State(), []

    def hear(self, *messages):
        """Write or press (#id) one after the other; return the codes of what the last one led to, without consent."""
        for message in messages:
            if isinstance(message, str):
                pressed = message.startswith('#')
                message = Incoming(choice=message[1:]) if pressed else Incoming(message)
            state = State.from_json(json.loads(json.dumps(self.state.to_json())))
            self.state, self.outputs = advance(state, message, self.facts)
        return [output[0] for output in self.outputs if output[0] != 'consent']

    def values(self, code):
        """Return the values of an output of the last message."""
        return next(output.values for output in self.outputs if output[0] == code)

    def ids(self):
        """Return the ids of the options under the last message."""
        return [option[0] for option in self.outputs[-1].options]
