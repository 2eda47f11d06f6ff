import { afterEach, describe, expect, test, vi } from 'vitest';
import { ServiceLogger } from '../../src/logs/service-logger.ts';

afterEach(() => void vi.restoreAllMocks());

/** What is written while something is logged. */
function written(log: (logger: ServiceLogger) => void): string {
  const pieces: string[] = [];
  const keep = (piece: string | Uint8Array): boolean => pieces.push(String(piece)) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  log(new ServiceLogger({ colors: false }));
  vi.restoreAllMocks();
  return pieces.join('');
}

describe('ServiceLogger', () => {
  const forged = 'The host says:\n[Nest] 1 - LOG [Audit] {"actor":"nobody"}\u001b[2J\u009b31m\u2028x';

  test.each(['log', 'warn', 'error'] as const)(
    'does not let text start a line or control a terminal: %s',
    (level) => {
      const text = written((logger) => logger[level](forged, 'Jobs'));
      expect(text.trimEnd().split('\n')).toHaveLength(1);
      // eslint-disable-next-line no-control-regex -- these are what must not be there
      expect(text).not.toMatch(/[\u001b\u009b\u2028]/);
      expect(text).toContain('The host says:\\u000a[Nest]');
    },
  );

  test('keeps the lines of a stack, indented', () => {
    const { stack } = new Error(forged);
    const text = written((logger) => logger.error('Failed', stack, 'Jobs'));
    const [first, ...others] = text.trimEnd().split('\n');
    expect(first).toContain('Failed');
    expect(others.length).toBeGreaterThan(2);
    for (const line of others) expect(line).toMatch(/^ {4}/);
  });

  test('omits the framework’s startup messages', () => {
    expect(written((logger) => logger.log('Mapped {/} route', 'RouterExplorer'))).toBe('');
  });
});
