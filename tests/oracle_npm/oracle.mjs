// Asks the client of others: a JSON request per line comes in, its answer goes out as a line.
// It runs in the folder where the client is installed.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const load = createRequire(`${process.cwd()}/`);
const { WhatsAppClient, buildTemplateSendPayload } = load("@kapso/whatsapp-cloud-api");
const { normalizeWebhook, verifySignature } = load("@kapso/whatsapp-cloud-api/server");

const ANSWERS = {
    /** Whether `secret` signed the body. */
    verify: ({ body, header, secret }) =>
        verifySignature({ appSecret: secret, rawBody: body, signatureHeader: header }),
    /** What a webhook says. */
    normalize: (payload) => normalizeWebhook(payload),
    /** What the server answers to a message; `method` is one of the client's, `input` its argument. */
    send: ({ url, version, token, method, input, template }) => {
        const client = new WhatsAppClient({
            accessToken: token,
            baseUrl: url,
            graphVersion: version,
        });
        const built = template ? { template: buildTemplateSendPayload(template) } : {};
        return client.messages[method]({ ...input, ...built });
    },
};

for await (const line of createInterface({ input: process.stdin })) {
    const [[name, request]] = Object.entries(JSON.parse(line));
    let said;
    try {
        said = { answer: await ANSWERS[name](request) };
    } catch (error) {
        said = { error: String(error), code: error.code };
    }
    console.log(JSON.stringify(said));
}
