// Drives webhooks of a server with an unmodified particle-api-js, from the event to the answer that a stream shows; one
// line at the end, exit status 0 if all went well.
//
//   node particle-webhook.mjs MODULES URL USER PASSWORD
//
// MODULES is the folder that scripts/npm-clients prints. The server must be able to reach this machine.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';

const [modules, url, username, password] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(modules), 'index.js'));
const Particle = require('particle-api-js');
const particle = new Particle({ baseUrl: url });
const mark = `hooked${Date.now().toString(36)}`;
const posts = [];
const seen = [];

const endpoint = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => { body += part; });
  request.on('end', () => {
    posts.push(`${request.url} ${body}`);
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ said: '\u{1F426}'.repeat(150) }));
  });
});

function check(condition, what) {
  if (!condition) {
    throw new Error(`${what}; posts ${JSON.stringify(posts)}, seen ${JSON.stringify(seen)}`);
  }
}

async function until(condition, what) {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    check(Date.now() < deadline, what);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function run() {
  endpoint.listen(0, '127.0.0.1');
  await once(endpoint, 'listening');
  const at = `http://127.0.0.1:${endpoint.address().port}`;
  const auth = (await particle.login({ username, password })).body.access_token;
  const made = await particle.createWebhook({ event: mark, url: `${at}/first`, auth });
  check(made.statusCode === 201 && made.body.ok === true, JSON.stringify(made.body));
  const integrationId = made.body.id;
  const edited = await particle.editIntegration({
    integrationId, event: mark, settings: { url: `${at}/second`, responseTemplate: '{{{said}}}' }, auth });
  check(edited.body.url === `${at}/second`, JSON.stringify(edited.body));

  const stream = await particle.getEventStream({ deviceId: 'mine', auth });
  stream.on('event', (event) => event.name.includes(mark) && seen.push(event));
  await particle.publishEvent({ name: `${mark}/temp`, data: '21', auth });
  await until(() => seen.length === 4, 'no answer in the stream');
  stream.abort();

  check(posts.length === 1 && posts[0].startsWith(`/second event=${mark}%2Ftemp&data=21&`), 'not posted once');
  check(seen.map((event) => event.name).join(' ')
    === `${mark}/temp hook-sent/${mark}/temp hook-response/${mark}/temp/0 hook-response/${mark}/temp/1`, 'names');
  check(seen.slice(1).every((event) => event.coreid === 'particle-internal'), 'not of the cloud');
  check(seen[1].data === null, 'hook-sent with data');
  check(seen[2].data + seen[3].data === '\u{1F426}'.repeat(150), 'another answer');
  await particle.deleteIntegration({ integrationId, auth });
  return seen.length;
}

run().then(
  (events) => { console.log(`ok: ${events} events`); process.exit(0); },
  (cause) => { console.log(`FAILED: ${cause.message ?? cause}`); process.exit(1); });
