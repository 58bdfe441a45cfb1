from . import handoff, short_link
