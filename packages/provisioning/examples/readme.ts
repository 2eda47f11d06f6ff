import { generateKeyPairSync } from 'node:crypto';
import { ProvisioningSession, readSigningKey } from '@aether-v/provisioning';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const signingKey = readSigningKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const session = new ProvisioningSession({
  operation: '01890a5d-ac96-774b-bcce-b302099a8057',
  vm: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  document: { hostname: 'web-01', users: [{ name: 'ops', sudo: 'password' }] },
  signingKey,
});
for (const step of session.start()) {
  // Take each step with AddKvpItems or RemoveKvpItems of the VM's host.
  console.log(step.kind, step.kind === 'add' ? step.items.map(({ name }) => name) : '');
}
// Then, about every second, until a step is `finished` or `ended`: read the guest's items, and then the boot.
const steps = await session.receive({ items: [], boot: '2026-01-01T00:00:00Z' });
console.log(steps.length); // 0: the guest has no key yet
