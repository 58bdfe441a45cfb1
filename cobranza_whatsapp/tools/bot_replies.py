"""Answers that every topic gives: the menu, a person, options. A reply is (the next state, [Say and Do])."""

from dataclasses import replace

from .bot_protocol import MOST_OPTIONS, PATIENCE, Do, Say


def options(*codes):
    """Return options whose id is also the code of their title."""
    return tuple((code, code, '') for code in codes)


YES_NO = options('yes', 'no')
HELP = options('menu', 'person')


def item_options(items, prefix, *last):
    """Return an option for each item, the oldest first, and the last ones, all in one list."""
    shown = items[: MOST_OPTIONS - len(last)]
    return (*((f'{prefix}:{item.id}', '', item.name) for item in shown), *last)


def menu_options(facts):
    """Return everything the bot can do."""
    codes = ['balance', 'documents', 'pay', 'promise', 'paid', 'dispute', 'instalments', 'person']
    if not facts.offers_instalments:
        codes.remove('instalments')
    return options(*codes)


def show_menu(turn, code='menu'):
    """Reply with the menu, under a message of its own."""
    return turn.state.go('menu'), [Say(code, {}, menu_options(turn.facts))]


def ask(turn, topic, say, **data):
    """Reply with a message, in a topic with its data."""
    return turn.state.go(topic, **data), [say]


def hand_over(turn, reason, topic='handed_over'):
    """Reply that a person takes over."""
    return turn.state.go(topic), [Do('hand_over', {'reason': reason}), Say('handed_over')]


def nothing_owed(turn):
    """Reply that there is nothing to pay."""
    return ask(turn, 'menu', Say('nothing_owed', {}, HELP))


def misunderstood(turn, question=None):
    """Reply to what was not understood: in other words, with the menu, and then by a person.

    :param Say question: what was asked and not answered, in other words
    """
    count = min(turn.state.misunderstood + 1, PATIENCE)
    state = replace(turn.state, misunderstood=count)
    if count == PATIENCE:
        after, outputs = hand_over(turn, 'not_understood')
        return replace(after, misunderstood=count), outputs
    if question:
        return state, [question]
    state = replace(state, topic='menu', data={})
    if count > 1:
        return state, [Say('menu', {}, menu_options(turn.facts))]
    return state, [Say('not_understood', {}, HELP)]


def only_text(turn):
    """Reply that nobody listens to what was sent; the question that is open stays open."""
    return misunderstood(turn, Say('only_text', {}, HELP))
