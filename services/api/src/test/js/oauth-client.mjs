// Drives an unmodified oauth4webapi, which holds servers to the RFCs, against a server, one line per
// step; exit status 0 if all steps did, 1 if one did not.
//
//   node oauth-client.mjs MODULES URL CLIENT SECRET REDIRECT_URI USER PASSWORD
//
// MODULES is the folder that scripts/npm-clients prints; CLIENT is one of type web.
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [modules, url, id, secret, redirectUri, username, password] = process.argv.slice(2);
const library = path.join(path.resolve(modules), 'node_modules/oauth4webapi/build/index.js');
const oauth = await import(pathToFileURL(library));
const http = { [oauth.allowInsecureRequests]: true };
const client = { client_id: id };
const withSecret = oauth.ClientSecretBasic(secret);
const tool = { client_id: 'particle-cli' };
let server;
let tokens;
let device;

function check(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
}

/** What a browser sends when somebody fills a page in. */
async function submit(page, action, typed) {
  const html = await (await fetch(page)).text();
  const fields = new URLSearchParams(typed);
  for (const [, name, value] of html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)) {
    fields.set(name, value.replaceAll('&amp;', '&'));
  }
  return fetch(new URL(action, url), { method: 'POST', body: fields, redirect: 'manual' });
}

async function refused(answer, error) {
  try {
    await answer();
  } catch (thrown) {
    check(thrown.error === error, `${thrown.error} instead of ${error}`);
    return;
  }
  throw new Error('not refused');
}

async function poll() {
  const code = device.device_code;
  const asked = await oauth.deviceCodeGrantRequest(server, tool, oauth.None(), code, http);
  return oauth.processDeviceCodeResponse(server, tool, asked);
}

const steps = {
  async discovery() {
    const issuer = new URL(url);
    const told = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...http });
    server = await oauth.processDiscoveryResponse(issuer, told);
  },
  async 'authorization code'() {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const page = new URL(server.authorization_endpoint);
    page.search = new URLSearchParams({
      response_type: 'code',
      client_id: id,
      redirect_uri: redirectUri,
      scope: 'devices:list',
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const sent = await submit(page, '/oauth/authorize', { username, password });
    const back = new URL(sent.headers.get('location'));
    const answer = oauth.validateAuthResponse(server, client, back, state);
    const asked = await oauth.authorizationCodeGrantRequest(
      server, client, withSecret, answer, redirectUri, verifier, http);
    tokens = await oauth.processAuthorizationCodeResponse(server, client, asked);
    check(tokens.scope === 'devices:list', 'scope');
  },
  async introspection() {
    const asked = await oauth.introspectionRequest(
      server, client, withSecret, tokens.access_token, http);
    const told = await oauth.processIntrospectionResponse(server, client, asked);
    check(told.active && told.client_id === id, 'not active');
  },
  async refresh() {
    const asked = await oauth.refreshTokenGrantRequest(
      server, client, withSecret, tokens.refresh_token, http);
    tokens = await oauth.processRefreshTokenResponse(server, client, asked);
  },
  async revocation() {
    const asked = await oauth.revocationRequest(
      server, client, withSecret, tokens.access_token, http);
    await oauth.processRevocationResponse(asked);
  },
  async 'a code that was never given'() {
    const state = oauth.generateRandomState();
    const back = new URL(`${redirectUri}?code=none&state=${state}&iss=${url}`);
    const answer = oauth.validateAuthResponse(server, client, back, state);
    const asked = await oauth.authorizationCodeGrantRequest(
      server, client, withSecret, answer, redirectUri, oauth.generateRandomCodeVerifier(), http);
    await refused(() => oauth.processAuthorizationCodeResponse(server, client, asked), 'invalid_grant');
  },
  async 'device code'() {
    const asked = await oauth.deviceAuthorizationRequest(server, tool, oauth.None(), {}, http);
    device = await oauth.processDeviceAuthorizationResponse(server, tool, asked);
    await refused(poll, 'authorization_pending');
    const typed = { username, password, decision: 'allow' };
    const allowed = await submit(device.verification_uri_complete, '/oauth/device', typed);
    check(allowed.status === 200, `answered ${allowed.status}`);
    check((await poll()).access_token, 'no token');
  },
};

for (const [name, step] of Object.entries(steps)) {
  try {
    await step();
    console.log(`ok ${name}`);
  } catch (thrown) {
    console.log(`not ok ${name}: ${thrown.code ?? ''} ${thrown.message} ${thrown.cause ?? ''}`);
    process.exit(1);
  }
}
