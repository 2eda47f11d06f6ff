// Tries every way to the network after it is forbidden, and reports those that were not refused.
import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { connect, createServer } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';
const { forbidNetwork } = await import(workerData.module);

forbidNetwork();
const { port } = workerData;
const ways = {
  fetch: () => fetch(`http://127.0.0.1:${port}/`),
  'http.get': () => once(get({ port, host: '127.0.0.1' }), 'response'),
  'net.connect': () => once(connect(port, '127.0.0.1'), 'connect'),
  'tls.connect': () => once(tlsConnect(port, '127.0.0.1'), 'secureConnect'),
  'net.listen': () => once(createServer().listen(0), 'listening'),
  'udp.send': () =>
    new Promise((resolve, reject) =>
      createSocket('udp4').send('x', port, '127.0.0.1', (e) => (e ? reject(e) : resolve())),
    ),
  'udp.bind': () => once(createSocket('udp4').bind(0), 'listening'),
};

function once(emitter, event) {
  return new Promise((resolve, reject) => emitter.once(event, resolve).once('error', reject));
}

const open = [];
for (const [name, way] of Object.entries(ways)) {
  try {
    await way();
    open.push(name);
  } catch {
    // Refused, as it should be.
  }
}
parentPort.postMessage(open);
