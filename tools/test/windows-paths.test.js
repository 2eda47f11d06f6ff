import { win32 } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askToEnd, nodePath, toolPath } from '../../scripts/lib/platform.mjs';

const root = 'C:\\Program Files\\Aether-V\\';

describe('the scripts on Windows', () => {
  test('run the Node of the project by a path with its extension and a drive', () => {
    const path = nodePath(root, 'win32');
    expect(path).toBe('C:\\Program Files\\Aether-V\\node_modules\\node\\bin\\node.exe');
    expect([win32.isAbsolute(path), win32.extname(path)]).toEqual([true, '.exe']);
  });

  test('separate the folders of PATH with semicolons, since a drive has a colon', () => {
    const path = toolPath(
      root,
      'C:\\Windows\\System32;C:\\Windows',
      'C:\\Users\\me\\.dotnet\\tools',
      'win32',
    );
    expect(path.split(win32.delimiter)).toEqual([
      'C:\\Program Files\\Aether-V\\node_modules\\.bin',
      'C:\\Windows\\System32',
      'C:\\Windows',
      'C:\\Users\\me\\.dotnet\\tools',
    ]);
  });

  test.each([
    ['win32', true, []],
    ['win32', false, ['SIGTERM']],
    ['linux', true, ['SIGTERM']],
    ['linux', false, ['SIGTERM']],
  ])(
    'on %s, a child of an interrupted (%s) process gets the signals %j',
    (platform, interrupted, expected) => {
      const sent = [];
      askToEnd({ kill: (signal) => sent.push(signal) }, 'SIGTERM', { interrupted, platform });
      expect(sent).toEqual(expected);
    },
  );
});
