from . import (
    cobranza_contact_wizard,
    cobranza_dispute_wizard,
    cobranza_hold_wizard,
    cobranza_promise_wizard,
    cobranza_reassign_wizard,
    cobranza_setup,
    cobranza_returned_letter_wizard,
    cobranza_handoff_wizard,
    cobranza_dispute_resolve_wizard,
    cobranza_role_wizard,
)
