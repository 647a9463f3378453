// Drives an unmodified particle-api-js against a server, one line per step; exit status 0 if all
// steps did, 1 if one did not.
//
//   node particle-client.mjs MODULES URL USER PASSWORD DEVICE PRODUCT [FUNCTION [VARIABLE]]
//
// MODULES is the folder that scripts/npm-clients prints; PRODUCT is the user's. DEVICE (an id) must belong to the user, be
// connected, offer FUNCTION (default led) and VARIABLE (default temp).
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [modules, url, username, password, device, product, functionName = 'led', variable = 'temp'] =
  process.argv.slice(2);
if (!product) {
  console.error('usage: particle-client.mjs MODULES URL USER PASSWORD DEVICE PRODUCT [FUNCTION [VARIABLE]]');
  process.exit(1);
}
const require = createRequire(path.join(path.resolve(modules), 'index.js'));
const Particle = require('particle-api-js');
const particle = new Particle({ baseUrl: url });
const mark = `probe${Date.now().toString(36)}`;
const person = `${mark}@example.com`;
let auth;
let personAuth;
let productClient;
let customerAuth;
let webhook;

function check(condition, what) {
  if (!condition) {
    throw new Error(what);
  }
}

function within(millis, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${millis} ms`)), millis);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function refused(call, status) {
  const error = await call.then(
    () => { throw new Error(`expected status ${status}`); },
    (cause) => cause);
  check(error.statusCode === status, `expected status ${status}, got ${error.statusCode}: ${error}`);
  return `${status} ${error.shortErrorDescription ?? ''}`.trim();
}

async function streamed() {
  const stream = await within(5000, particle.getEventStream({ deviceId: 'mine', name: mark, auth }), 'stream');
  try {
    const shown = new Promise((resolve) => {
      stream.on('event', (event) => event.name === `${mark}/two` && resolve(event));
    });
    const data = 'Grüße \u{1F426} "quoted"\nline';
    await particle.publishEvent({ name: `${mark}/two`, data, auth });
    const event = await within(5000, shown, 'event');
    check(event.data === data, `data is ${JSON.stringify(event.data)}`);
    check(event.coreid === 'api', `coreid is ${event.coreid}`);
    check(!Number.isNaN(Date.parse(event.published_at)), `published_at is ${event.published_at}`);
    return event.name;
  } finally {
    stream.abort();
  }
}

const steps = {
  wrongPassword: () => refused(particle.login({ username, password: `${password}x` }), 400),
  login: async () => {
    const { body } = await particle.login({ username, password, tokenDuration: 3600 });
    check(/^[0-9a-f]{40}$/.test(body.access_token), 'no token of 40 digits');
    check(body.expires_in > 3500 && body.expires_in <= 3600, `expires_in is ${body.expires_in}`);
    auth = body.access_token;
    return body.token_type;
  },
  getUserInfo: async () => {
    const { body } = await particle.getUserInfo({ auth });
    check(body.username === username, `username is ${body.username}`);
    return body.username;
  },
  createUser: async () => {
    const { body } = await particle.createUser({
      username: person, password: 'first password', accountInfo: { first_name: 'Ada' } });
    check(body.ok === true, JSON.stringify(body));
    return refused(particle.createUser({ username: person, password: 'first password' }), 400);
  },
  setUserInfo: async () => {
    const login = await particle.login({ username: person, password: 'first password' });
    personAuth = login.body.access_token;
    await particle.setUserInfo({ accountInfo: { last_name: 'Lovelace' }, auth: personAuth });
    const { body } = await particle.getUserInfo({ auth: personAuth });
    check(body.account_info.last_name === 'Lovelace', JSON.stringify(body.account_info));
    return body.account_info.last_name;
  },
  changeUserPassword: async () => {
    const change = (currentPassword) =>
      particle.changeUserPassword({ auth: personAuth, currentPassword, password: 'second password' });
    const told = await refused(change('wrong'), 400);
    await change('first password');
    return told;
  },
  resetPassword: async () => {
    const { body } = await particle.resetPassword({ username: person });
    check(body.ok === true, JSON.stringify(body));
    return body.message;
  },
  deleteUser: async () => {
    await refused(particle.deleteUser({ auth: personAuth, password: 'wrong' }), 400);
    const { body } = await particle.deleteUser({ auth: personAuth, password: 'second password' });
    check(body.ok === true, JSON.stringify(body));
    return refused(particle.login({ username: person, password: 'second password' }), 400);
  },
  listDevices: async () => {
    const { body } = await particle.listDevices({ auth });
    check(Array.isArray(body), 'no array');
    check(body.some((each) => each.id === device), 'the device is not among them');
    return `${body.length} devices`;
  },
  getDevice: async () => {
    const { body } = await particle.getDevice({ deviceId: device, auth });
    check(body.online === true, 'it is not online');
    check(body.functions.includes(functionName), `functions are ${body.functions}`);
    check(variable in body.variables, `variables are ${Object.keys(body.variables)}`);
    return body.name ?? body.id;
  },
  getDeviceOfNobody: () => refused(particle.getDevice({ deviceId: 'ffffffffffffffffffffffff', auth }), 403),
  callFunction: async () => {
    const { body } =
      await particle.callFunction({ deviceId: device, name: functionName, argument: 'on', auth });
    check(Number.isInteger(body.return_value), `return_value is ${body.return_value}`);
    return body.return_value;
  },
  callFunctionNotThere: () =>
    refused(particle.callFunction({ deviceId: device, name: 'notThere', argument: '', auth }), 404),
  getVariable: async () => {
    const { body } = await particle.getVariable({ deviceId: device, name: variable, auth });
    check(body.cmd === 'VarReturn' && 'result' in body, JSON.stringify(body));
    return body.result;
  },
  publishEvent: async () => {
    const { body } = await particle.publishEvent({ name: `${mark}/one`, data: '1', auth });
    check(body.ok === true, JSON.stringify(body));
    return body.ok;
  },
  getEventStream: streamed,
  renameDevice: async () => {
    const { body: before } = await particle.getDevice({ deviceId: device, auth });
    const { body } = await particle.renameDevice({ deviceId: device, name: mark, auth });
    check(body.id === device && body.name === mark, JSON.stringify(body));
    await particle.renameDevice({ deviceId: device, name: before.name ?? '', auth });
    return body.updated_at;
  },
  getClaimCode: async () => {
    const { body } = await particle.getClaimCode({ auth });
    check(body.claim_code.length === 63, `claim_code is ${body.claim_code}`);
    check(body.device_ids.includes(device), 'the device is not among them');
    return `${body.claim_code.length} characters`;
  },
  listProducts: async () => {
    const { body } = await particle.listProducts({ auth });
    check(body.products.some(({ id }) => id === Number(product)), JSON.stringify(body));
    return `${body.products.length} products`;
  },
  listProductDevices: async () => {
    const { body } = await particle.listDevices({ product, perPage: 1_000, auth });
    check(body.devices.some((each) => each.id === device), 'the device is not among them');
    check(Array.isArray(body.customers), 'no customers');
    return `${body.meta.total_records} devices`;
  },
  addDeviceToProduct: async () => {
    const { body } = await particle.addDeviceToProduct({ deviceId: device, product, auth });
    check(Array.isArray(body.nonmemberDeviceIds) && Array.isArray(body.invalidDeviceIds), JSON.stringify(body));
    return `${body.updated} updated`;
  },
  addDeviceFileToProduct: async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'particle-client-'));
    const file = path.join(folder, 'file');
    writeFileSync(file, `${device}\nnonsense\n`);
    const { body } = await particle.addDeviceToProduct({ file, product, auth })
      .finally(() => rmSync(folder, { recursive: true }));
    check(body.invalidDeviceIds[0] === 'nonsense', JSON.stringify(body));
    return `${body.invalidDeviceIds.length} invalid`;
  },
  lockDeviceProductFirmware: async () => {
    const { body } = await particle.lockDeviceProductFirmware({
      deviceId: device, product, desiredFirmwareVersion: 7, flash: false, auth });
    check(body.id === device && body.desired_firmware_version === 7, JSON.stringify(body));
    return body.desired_firmware_version;
  },
  unlockDeviceProductFirmware: async () => {
    const { body } = await particle.unlockDeviceProductFirmware({ deviceId: device, product, auth });
    check(body.desired_firmware_version === null, JSON.stringify(body));
    return body.id;
  },
  markAsDevelopmentDevice: async () => {
    await particle.markAsDevelopmentDevice({ deviceId: device, product, development: true, auth });
    const { body } = await particle.markAsDevelopmentDevice({
      deviceId: device, product, development: false, auth });
    check(body.development === false, JSON.stringify(body));
    return body.id;
  },
  createWebhook: async () => {
    const { body, statusCode } = await particle.createWebhook({
      event: `${mark}/hook`, url: 'https://example.com/hook', device, auth });
    check(statusCode === 201 && body.ok === true && body.id, JSON.stringify(body));
    webhook = body.id;
    return webhook;
  },
  listWebhooks: async () => {
    const { body } = await particle.listWebhooks({ auth });
    const found = body.find((each) => each.id === webhook);
    check(found, 'it is not among them');
    check(found.event === `${mark}/hook` && found.integration_type === 'Webhook', JSON.stringify(found));
    return `${body.length} webhooks`;
  },
  editIntegration: async () => {
    const { body } = await particle.editIntegration({
      integrationId: webhook, event: `${mark}/hook`, settings: { url: 'https://example.com/other' }, auth });
    check(body.ok === true, JSON.stringify(body));
    const { body: list } = await particle.listIntegrations({ auth });
    check(list.find((each) => each.id === webhook).url === 'https://example.com/other', JSON.stringify(list));
    return body.id;
  },
  deleteWebhook: async () => {
    await particle.deleteWebhook({ hookId: webhook, auth });
    const { body } = await particle.listWebhooks({ auth });
    check(!body.some((each) => each.id === webhook), 'it is still there');
    return webhook;
  },
  integrationOfProduct: async () => {
    const { body } = await particle.createIntegration({
      event: `${mark}/hook`, settings: { integration_type: 'Webhook', url: 'https://example.com/hook' }, product, auth });
    check(body.ok === true && body.id, JSON.stringify(body));
    const { body: list } = await particle.listIntegrations({ product, auth });
    check(list.some(({ id }) => id === body.id), JSON.stringify(list));
    await particle.deleteIntegration({ integrationId: body.id, product, auth });
    return body.id;
  },
  envVars: async () => {
    const ops = [{ op: 'Set', key: 'PROBE', value: mark }, { op: 'Set', key: 'OTHER', value: 'x' }];
    const { body } = await particle.updateEnvVars({ ops, sandbox: true, auth });
    check(body.latest.own.PROBE.value === mark, JSON.stringify(body));
    await particle.deleteEnvVar({ key: 'OTHER', sandbox: true, auth });
    const review = await particle.reviewEnvVarsRollout({ sandbox: true, auth });
    check(review.body.from_snapshot.changes.some(({ key }) => key === 'PROBE'), JSON.stringify(review.body));
    const rollout = await particle.startEnvVarsRollout({ when: 'Immediate', sandbox: true, auth });
    check(rollout.body.success === true, JSON.stringify(rollout.body));
    await particle.setEnvVar({ key: 'PROBE', value: 'product', product, auth });
    const ofDevice = await particle.listEnvVars({ deviceId: device, auth });
    check(ofDevice.body.latest.inherited.PROBE.from === 'Product', JSON.stringify(ofDevice.body));
    const rendered = await particle.renderEnvVars({ deviceId: device, auth });
    check(rendered.body.env.PROBE === mark && !('OTHER' in rendered.body.env), JSON.stringify(rendered.body));
    return Object.keys(rendered.body.env).length;
  },
  listLogicFunctions: async () => {
    const { body } = await particle.listLogicFunctions({ auth });
    check(Array.isArray(body.logic_functions), JSON.stringify(body));
    return refused(particle.createLogicFunction({ logicFunction: { name: mark }, auth }), 501);
  },
  createOAuthClient: async () => {
    const created = await particle.createOAuthClient({
      name: mark, type: 'installed', product, auth });
    const { id, secret } = created.body.client;
    check(id && /^[0-9a-f]{40}$/.test(secret), JSON.stringify(Object.keys(created.body.client)));
    const { body } = await particle.listOAuthClients({ product, auth });
    check(body.clients.some((each) => each.id === id && !each.secret), JSON.stringify(body));
    productClient = { clientId: id, clientSecret: secret };
    return id;
  },
  loginAsClientOwner: async () => {
    const owner = new Particle({ baseUrl: url, ...productClient });
    const { body } = await owner.loginAsClientOwner();
    check(/^[0-9a-f]{40}$/.test(body.access_token), 'no token of 40 digits');
    await particle.listDevices({ product, auth: body.access_token });
    return refused(particle.listDevices({ auth: body.access_token }), 403);
  },
  createCustomer: async () => {
    const email = `${mark}@customer.example.com`;
    const app = new Particle({ baseUrl: url, ...productClient });
    const { body, statusCode } = await app.createCustomer({ email, password: 'a customer', product });
    check(statusCode === 201 && body.scope === `customer=${email}`, JSON.stringify(Object.keys(body)));
    await refused(app.createCustomer({ email, password: 'a customer', product }), 400);
    const { body: again } = await app.login({ username: email, password: 'a customer' });
    customerAuth = again.access_token;
    const { body: none } = await particle.listDevices({ auth: customerAuth });
    check(none.length === 0, JSON.stringify(none));
    return body.scope;
  },
  useDeviceAsCustomer: async () => {
    const { body: label } = await particle.post({
      uri: `/v1/products/${product}/devices/${device}/claim_secret`, data: {}, auth });
    await particle.post({
      uri: '/v1/devices', data: { id: device, claim_secret: label.claim_secret }, auth: customerAuth });
    const { body: list } = await particle.listDevices({ auth: customerAuth });
    check(list.length === 1 && list[0].id === device, JSON.stringify(list));
    const { body: claim } = await particle.getClaimCode({ product, auth: customerAuth });
    check(claim.claim_code.length === 63 && claim.device_ids[0] === device, JSON.stringify(claim.device_ids));
    const { body: called } = await particle.callFunction({
      deviceId: device, name: functionName, argument: 'on', auth: customerAuth });
    check(Number.isInteger(called.return_value), JSON.stringify(called));
    await refused(particle.listProducts({ auth: customerAuth }), 403);
    await particle.removeDeviceOwner({ deviceId: device, product, auth });
    await refused(particle.getDevice({ deviceId: device, auth: customerAuth }), 403);
    return called.return_value;
  },
  deleteOAuthClient: async () => {
    const { statusCode } = await particle.deleteOAuthClient({
      clientId: productClient.clientId, product, auth });
    check(statusCode === 204, `status ${statusCode}`);
    return statusCode;
  },
  logout: async () => {
    const { body } = await particle.deleteCurrentAccessToken({ auth });
    check(body.ok === true, JSON.stringify(body));
    return refused(particle.listDevices({ auth }), 401);
  },
};

for (const [name, step] of Object.entries(steps)) {
  const began = Date.now();
  try {
    const told = await step();
    console.log(`ok ${name} (${Date.now() - began} ms): ${told}`);
  } catch (cause) {
    const body = cause.body ? ` ${JSON.stringify(cause.body)}` : '';
    console.log(`FAILED ${name} (${Date.now() - began} ms): ${cause.message ?? cause}${body}`);
    process.exit(1);
  }
}
process.exit(0);
