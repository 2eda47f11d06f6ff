import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readArguments } from '../../src/doctor/arguments.ts';
import { chooseHosts } from '../../src/doctor/choose-hosts.ts';
import { duration, printable, stepLines } from '../../src/doctor/format.ts';
import { failedBy, passed, unknown, type Finding } from '../../src/doctor/steps/step.ts';

function lines(finding: Finding, colors: boolean): readonly string[] {
  return stepLines({ id: 'tcp', title: 'TCP', milliseconds: 12, ...finding }, { colors });
}

describe('a result', () => {
  test('is one line, followed by its remedy on another', () => {
    expect(lines(passed('port 5985'), false)).toEqual(['  ✓ TCP                  12 ms  port 5985']);
    expect(lines(unknown('not here'), false)[0]).toMatch(/^ {2}– TCP/);
    const [line, todo] = lines(failedBy('refused'), false);
    expect(line).toMatch(/^ {2}✗ TCP .* The host refuses connections to WinRM\.$/);
    expect(todo).toMatch(/^ {6}→ Check the port/);
  });

  test('has colors only if requested', () => {
    expect(lines(passed('x'), true)[0]).toContain('\u001b[32m✓\u001b[0m');
    expect(lines(passed('x'), false)[0]).not.toContain('\u001b');
  });

  test.each([
    [0, '0 ms'],
    [999.4, '999 ms'],
    [1500, '1.5 s'],
  ])('shows %s milliseconds as %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });

  test('contains no terminal control sequences', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}]/u);
      }),
    );
    expect(printable('a\r\n\u001b[2Jb\u202ec')).toBe('a [2Jb c');
    expect(printable('x'.repeat(10_000)).length).toBeLessThan(700);
  });
});

describe('the command line', () => {
  test.each([
    [[], { host: null, json: false, capture: null }],
    [['hv01'], { host: 'hv01', json: false, capture: null }],
    [['--json', 'local:'], { host: 'local:', json: true, capture: null }],
    [['hv01', '--capture', 'x.json'], { host: 'hv01', json: false, capture: 'x.json' }],
  ])('%j', (args, expected) => {
    expect(readArguments(args)).toEqual(expected);
  });

  test.each([
    [['--what']],
    [['a', 'b']],
    [['a,b']],
    [['--capture', 'x']],
    [['a', '--capture']],
    [['--help']],
  ])('%j is refused', (args) => {
    expect(readArguments(args)).toHaveProperty('wrong');
  });
});

describe('the hosts to check', () => {
  const environment = {
    HYPERV_HOSTS: 'hv01.example.org,https://hv02.example.org:5986/wsman?auth=basic',
    WINRM_USERNAME: 'svc',
    WINRM_PASSWORD: 'secret',
  };
  const addresses = (host: string | null): unknown => {
    const chosen = chooseHosts(environment, host);
    return 'problems' in chosen ? chosen.problems : chosen.targets.map(({ address }) => address);
  };
  const first = 'http://hv01.example.org:5985/wsman';
  const second = 'https://hv02.example.org:5986/wsman';

  test.each([
    [null, [first, second]],
    ['hv01.example.org', [first]],
    [first, [first]],
    ['hv02.example.org', [second]],
    [second, [second]],
    ['https://hv02.example.org:5986/wsman?auth=basic', [second]],
    ['local:', ['local:']],
    ['hv03', ['http://hv03:5985/wsman']],
    ['cluster:hvc.example.org', ['cluster:http://hvc.example.org:5985/wsman']],
  ])('%s', (host, expected) => {
    expect(addresses(host)).toEqual(expected);
  });

  test('are checked as configured, also if named without their parameters', () => {
    expect(chooseHosts(environment, 'hv02.example.org')).toMatchObject({ targets: [{ scheme: 'basic' }] });
  });

  test('need the same settings as the service', () => {
    expect(chooseHosts({}, 'hv01')).toEqual({ problems: [expect.stringContaining('WINRM_USERNAME')] });
    expect(chooseHosts({ ...environment, PORT: 'x' }, 'hv01')).toHaveProperty('problems');
  });
});
