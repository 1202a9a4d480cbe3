// A certified OpenID provider, on loopback, for MedCom's test persons.
// Its words: one line of JSON with what it is to be; it answers with a line when it listens.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const asked = JSON.parse(readFileSync(0, "utf8"));
const found = createRequire(`${asked.modules}/`).resolve("oidc-provider");
const { default: Provider } = await import(pathToFileURL(found));

const provider = new Provider(asked.issuer, {
  clients: [
    {
      client_id: asked.client,
      client_secret: asked.secret,
      redirect_uris: [asked.redirect],
      post_logout_redirect_uris: asked.afterwards,
      backchannel_logout_uri: asked.told,
      backchannel_logout_session_required: true,
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], profile: ["cpr", "name", "loa"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, ...asked.people[id] }),
  }),
  features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
  pkce: { required: () => true },
  jwks: { keys: asked.keys },
  cookies: { keys: ["of a test"] },
  conformIdTokenClaims: true,
  // Its own way never asks loopback, where the tests are.
  fetch: (url, { dispatcher, ...plain }) => globalThis.fetch(url, plain),
});
provider.on("server_error", (_, error) => console.error(error));
provider.on("backchannel.error", (_, error) => console.error(error));
provider.listen(asked.port, "127.0.0.1", () => console.log("listening"));
