#!/usr/bin/env node
// Client of the VM control API of Aether-V: Node 18 or newer, without packages.
//
//   VM_CONTROL_URL=https://aether.example.org:8000 VM_CONTROL_KEY=… VM_CONTROL_SECRET=… node vm-control.mjs list
//   node vm-control.mjs start|shutdown|restart NAME
//
// VM_CONTROL_SIGNATURE=1 uses the formula of the VM controller; VM_CONTROL_HOST selects a host; VM_CONTROL_CA is a file
// with the certificate of a private authority. Without VM_CONTROL_SECRET requests are not signed.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { performance } from 'node:perf_hooks';

const settings = process.env;

/** Returns the headers that sign a request. */
function sign(method, target, body, secret, formula) {
  // Microseconds keep the signatures of requests in the same second apart.
  const timestamp = ((performance.timeOrigin + performance.now()) / 1000).toFixed(6);
  const mac = (text) => createHmac('sha256', secret).update(text).digest('hex');
  if (formula === '1') return { 'x-timestamp': timestamp, 'x-signature': mac(body + timestamp) };
  const nonce = randomBytes(16).toString('hex');
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const lines = ['aether-vm-2', method, target, timestamp, nonce, bodyHash];
  return { 'x-timestamp': timestamp, 'x-nonce': nonce, 'x-signature-v2': mac(lines.join('\n')) };
}

/** Sends a request and returns its status and answer. */
function call(method, target, body) {
  const url = new URL(settings.VM_CONTROL_URL);
  const secret = settings.VM_CONTROL_SECRET;
  const headers = {
    'x-api-key': settings.VM_CONTROL_KEY,
    ...(secret ? sign(method, target, body, secret, settings.VM_CONTROL_SIGNATURE ?? '2') : {}),
    ...(body === '' ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
  };
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const ca = settings.VM_CONTROL_CA ? { ca: readFileSync(settings.VM_CONTROL_CA) } : {};
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return new Promise((resolve, reject) => {
    const options = { hostname, port: url.port, method, path: target, headers, timeout: 180_000, ...ca };
    const request = send(options, async (response) => {
      let answer = '';
      for await (const chunk of response.setEncoding('utf8')) answer += chunk;
      resolve({ status: response.statusCode, answer });
    });
    request.on('timeout', () => request.destroy(new Error('No answer after 180 s.')));
    request.on('error', reject);
    request.end(body);
  });
}

const [action, name, ...others] = process.argv.slice(2);
let wanted;
if (action === 'list' && name === undefined) wanted = ['GET', '/vm/list', ''];
else if (['start', 'shutdown', 'restart'].includes(action) && name !== undefined && others.length === 0) {
  wanted = ['POST', `/vm/${encodeURIComponent(name)}/${action}`, '{}'];
} else {
  console.error('Usage: vm-control.mjs list | start NAME | shutdown NAME | restart NAME');
  process.exit(2);
}
const [method, path, body] = wanted;
const query = settings.VM_CONTROL_HOST ? `?host=${encodeURIComponent(settings.VM_CONTROL_HOST)}` : '';
for (const setting of ['VM_CONTROL_URL', 'VM_CONTROL_KEY']) {
  if (settings[setting]) continue;
  console.error(`${setting} is not set`);
  process.exit(2);
}
try {
  const { status, answer } = await call(method, path + query, body);
  console.log(answer);
  process.exitCode = status >= 200 && status < 300 ? 0 : 1;
} catch (error) {
  console.error(error.message || error.code);
  process.exitCode = 1;
}
