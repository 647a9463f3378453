// MQTT.js over WebSocket: node mqttjs-client.mjs <modules> <url> <token> <device> <secret>
// Prints a line for each thing that works; ends with status 1 at the first that does not.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'

const [modules, url, token, device, secret] = process.argv.slice(2)
const mqtt = createRequire(modules + '/')('mqtt')
const LIMIT = 20000

setTimeout(() => {
  console.log('took too long')
  process.exit(1)
}, 3 * LIMIT).unref()

/** A client that is connected; `received` are its messages, `next()` waits for one more. */
async function connect(options) {
  const client = mqtt.connect(url, { reconnectPeriod: 0, connectTimeout: LIMIT, ...options, manualConnect: true })
  const received = []
  let wake = () => {}
  client.on('message', (topic, payload, packet) => {
    received.push(`${topic} ${packet.qos} ${payload}`)
    wake()
  })
  const connack = await new Promise((resolve, reject) => {
    client.once('connect', resolve)
    client.once('error', reject)
    client.once('close', () => reject(new Error('closed')))
    client.connect()
  })
  const take = async count => {
    while (received.length < count) await new Promise(resolve => (wake = resolve))
    return received.splice(0, count).sort()
  }
  return { client, connack, take }
}

const app = { username: 'token', password: token }

for (const protocolVersion of [4, 5]) {
  const version = { protocolVersion }
  const one = await connect({ ...app, ...version, clientId: 'js app' })
  const two = await connect({ ...version, clientId: device, username: device, password: secret })
  console.log(`ok ${protocolVersion} connects as an app and as a device`)

  const [granted] = await one.client.subscribeAsync('home/#', { qos: 2 })
  assert.equal(granted.qos, 2)
  console.log(`ok ${protocolVersion} subscribes`)

  for (const qos of [0, 1, 2]) await two.client.publishAsync('home/t', 'n' + qos, { qos })
  assert.deepEqual(await one.take(3), ['home/t 0 n0', 'home/t 1 n1', 'home/t 2 n2'])
  console.log(`ok ${protocolVersion} publishes and receives at each QoS`)

  const large = 'x'.repeat(40000)
  await two.client.subscribeAsync('to/+', { qos: 1 })
  await one.client.publishAsync('to/device', large, { qos: 2 })
  assert.deepEqual(await two.take(1), ['to/device 1 ' + large])
  console.log(`ok ${protocolVersion} sends more than a frame`)
  await two.client.endAsync()

  const kept = { ...app, ...version, clientId: 'js kept ' + protocolVersion, clean: false }
  if (protocolVersion === 5) kept.properties = { sessionExpiryInterval: 3600 }
  const first = await connect(kept)
  assert.equal(first.connack.sessionPresent, false)
  await first.client.subscribeAsync('t/+', { qos: 1 })
  await first.client.endAsync()
  const second = await connect(kept)
  assert.equal(second.connack.sessionPresent, true)
  await one.client.publishAsync('t/x', 'again', { qos: 1 })
  assert.deepEqual(await second.take(1), ['t/x 1 again'])
  console.log(`ok ${protocolVersion} goes on with its session`)
  await second.client.endAsync()
  await one.client.endAsync()
}
process.exit(0)
