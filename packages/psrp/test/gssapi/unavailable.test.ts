import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);

/** Signs in without koffi, which a resolve hook hides. */
const scriptWithoutKoffi = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve: (name, context, next) => {
    if (name === 'koffi') throw new Error('hidden');
    return next(name, context);
  },
});
const { ntlm } = await import('@aether-v/psrp/gssapi');
const connection = ntlm({ user: 'u', password: 'p' }).forConnection({ url: new URL('http://host.test') });
const error = await connection.step(undefined).catch((reason) => reason);
connection.dispose();
console.log(JSON.stringify({ name: error.name, code: error.code, part: error.part }));
`;

test('the first step names a part that is not installed', async () => {
  const args = ['--conditions=@aether-v/source', '--input-type=module', '--eval', scriptWithoutKoffi];
  const { stdout } = await run(process.execPath, args, { cwd: import.meta.dirname });
  expect(JSON.parse(stdout)).toEqual({
    name: 'GssapiUnavailableError',
    code: 'gssapi-unavailable',
    part: 'koffi',
  });
});
