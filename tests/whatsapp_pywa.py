"""pywa, a client that others wrote for the real Cloud API, beside the emulator."""

import httpx
import pytest
import pywa


@pytest.fixture
def client(cloud):
    """Return pywa's client, which talks to the emulator and notes what it understands."""
    session = httpx.Client(trust_env=False)
    known = {'phone_id': cloud.phone_id, 'waba_id': cloud.business_id, 'token': cloud.token}
    client = pywa.WhatsApp(session=session, app_secret=cloud.app_secret, **known)
    # pywa knows no other server than the real one
    session.base_url = f'{cloud.url}/v23.0'
    yield client
    session.close()


def understood(client, cloud, updates=1):
    """Return what pywa makes of the last webhooks, after it checked their signatures."""
    found = []
    for hook in cloud.webhooks[-updates:]:
        assert client.webhook_update_validator(hook.body, hook.signature) is None
        raw = pywa.types.RawUpdate(hook.body, hmac_header=hook.signature, update_hash='')
        kind = client._get_handler_type(raw)
        found.append(client._handlers_to_updates[kind].from_update(client, raw))
    return found if updates > 1 else found[0]
