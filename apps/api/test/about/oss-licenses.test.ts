import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OssLicensesFile } from '../../src/about/oss-licenses.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('the file of licences is read again after a failed reading', async () => {
  const folder = temporaryFolder();
  const inside = join(folder, 'dist');
  await mkdir(inside);
  const file = new OssLicensesFile(inside);
  await expect(file.read()).rejects.toThrow('oss-licenses.json was not found.');
  await writeFile(join(folder, 'oss-licenses.json'), '{"packages":[]}');
  expect(await file.read()).toEqual({ packages: [] });
});
