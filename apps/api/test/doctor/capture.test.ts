import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/common/clock.ts';
import { hostEndpoint } from '../../src/config/host-endpoint.ts';
import { fieldValue, keepFields } from '../../src/doctor/capture/fields.ts';
import { sections } from '../../src/doctor/capture/sections.ts';
import { namesIn, withoutNames } from '../../src/doctor/capture/without-names.ts';
import { doctor } from '../../src/doctor/doctor.ts';
import { configuredProbe } from '../../src/host-adapter/connect/configured-probe.ts';
import { PowerShellRefusal, type HostProbe } from '../../src/host-adapter/connect/host-probe.ts';
import { HostOperationError } from '../../src/host-adapter/errors/host-operation-error.ts';
import { account, listen, winrm } from '../support/provoke/peers.ts';
import { hasPart, skipReason } from '../support/provoke/provoke.ts';

/** What must not leave a host: of each kind one, as it stands in answers of Windows. */
const planted = [
  'FIN-HV-01',
  'fin-hv-01.corp.contoso.example',
  'CONTOSO\\svc-hyperv',
  'svc-hyperv@CONTOSO.EXAMPLE',
  'C:\\ClusterStorage\\Volume1\\payroll.vhdx',
  '\\\\fs01\\vms',
  '10.20.30.40',
  'fe80::1ff:fe23:4567:890a',
  '00-15-5D-01-02-03',
  '00155D010203',
  'S-1-5-21-1004336348-1177238915-682003330-512',
  '5C2F9B1E-7A0D-4E6B-9C55-0B7C1D2E3F40',
  'Payroll server 2',
];

/** Parts by which any of them could be known. */
const traces =
  /fin-hv|contoso|hyperv@|svc-|payroll|fs01|10\.20|fe80|00-15|00155d|682003330|5c2f9b1e|clusterstorage/i;

interface Captured {
  readonly about: { readonly leavesOut: readonly string[] };
  readonly sections: readonly {
    readonly id: string;
    readonly state: string;
    readonly code?: string;
    readonly rows?: readonly Record<string, unknown>[];
  }[];
  readonly faults: Record<string, { readonly code: unknown; readonly text?: string } | null>;
}

async function capture(
  host: string,
  probe?: HostProbe,
): Promise<{ code: number; text: string; out: string }> {
  let [text, out] = ['', ''];
  const code = await doctor([host, '--capture', 'host.json'], {
    environment: account,
    clock: systemClock,
    signal: new AbortController().signal,
    colors: false,
    version: '1.2.3',
    probe: (target, config) => probe ?? configuredProbe(hostEndpoint(target), config),
    print: (line) => (out += line),
    complain: () => undefined,
    writeFile: (_, written) => (text = written),
  });
  return { code, text, out };
}

/** A host that plants such values in every answer, also under the names of fields that are kept. */
function talkative(answer: (value: string) => unknown): HostProbe {
  const rows = planted.map((value) => {
    const fields = sections.flatMap((section) => Object.keys(section.fields));
    return Object.fromEntries(
      [...fields, 'Name', 'CSName', 'PSComputerName', value].map((name) => [name, answer(value)]),
    );
  });
  // In the words of an error a name of plain words is a word; Windows puts no VM's name into these.
  const said = planted.filter((value) => !/^[A-Za-z ]+\d$/.test(value)).join(' and ');
  return {
    identify: () => Promise.resolve({ vendor: said, version: said }),
    open: () =>
      Promise.resolve({
        lost: false,
        versions: Object.fromEntries(
          [...planted, 'PSVersion', 'PSEdition', 'Platform'].map((name) => [name, said]),
        ),
        ask: (request) =>
          'command' in request
            ? Promise.reject(new PowerShellRefusal(said, said, `The term ${said} is not known`))
            : Promise.resolve([...rows, ...planted]),
        agentInfo: () => Promise.reject(HostOperationError.of('agent-error', { began: true, detail: said })),
        close: () => Promise.resolve(),
      }),
    provokeFault: () => Promise.resolve({ code: 2150858752, text: `The service ${said} cannot find it.` }),
    dispose: () => undefined,
  };
}

describe('a description of a host', () => {
  test.each<[string, (value: string) => unknown]>([
    ['as texts', (value) => value],
    ['in lists', (value) => [value]],
    ['in objects', (value) => ({ value })],
  ])('does not contain any name that the host reports %s', async (_, answer) => {
    const server = createServer(winrm().handle);
    const { text } = await capture(`${await listen(server)}?auth=basic`, talkative(answer));
    expect(text).not.toMatch(traces);
    for (const value of planted) expect(text).not.toContain(value);
    const { faults } = JSON.parse(text) as Captured;
    expect(faults['unknownResource']).toEqual({
      code: 2150858752,
      text: expect.stringMatching(/^The service …(?: and …)* cannot find it\.$/) as string,
    });
  });

  test('lists its contents in its header, and what to review', async () => {
    const url = await listen(createServer(winrm().handle));
    const { text, out } = await capture(`${url}?auth=basic`);
    expect(text.indexOf('"about"')).toBeLessThan(5);
    expect((JSON.parse(text) as Captured).about.leavesOut.length).toBeGreaterThan(2);
    expect(out).toContain('Read it before you send it');
  });

  test('lists what could not be read and why, if a host has no language', async () => {
    const url = await listen(createServer(winrm().handle));
    const captured = JSON.parse((await capture(`${url}?auth=basic`)).text) as Captured;
    expect(captured.sections.map(({ id, state, code }) => [id, state, code])).toEqual(
      sections.map(({ id }) => [id, 'failed', 'ScriptsNotAllowed']),
    );
    expect(captured.faults).toMatchObject({
      unknownResource: { code: 2150858752 },
      unknownCommand: {
        code: 'CommandNotFoundException',
        text: expect.stringContaining('not recognized') as string,
      },
    });
  });

  test.skipIf(!hasPart('pwsh'))(
    `contains exactly what the scripts find in real PowerShell${skipReason('pwsh')}`,
    async () => {
      const modules = mkdtempSync(join(tmpdir(), 'capture-'));
      onTestFinished(() => {
        vi.unstubAllEnvs();
        rmSync(modules, { recursive: true });
      });
      for (const [name, text] of Object.entries({ CimCmdlets: cimCmdlets, 'Hyper-V': hyperV })) {
        mkdirSync(join(modules, name));
        writeFileSync(join(modules, name, `${name}.psm1`), text);
      }
      vi.stubEnv('PSModulePath', `${modules}:${process.env['PSModulePath'] ?? ''}`);
      const { text } = await capture('local:');
      expect(text).not.toMatch(traces);
      const captured = JSON.parse(text) as Captured;
      const rows = (id: string): unknown => captured.sections.find((section) => section.id === id)?.rows;
      expect(rows('states')).toEqual([
        { EnabledState: 2, OperationalStatus: '2,32774', Count: 2 },
        { EnabledState: 3, OperationalStatus: '2', Count: 1 },
      ]);
      expect(rows('hyper-v-classes')).toContainEqual({
        Class: 'Msvm_ComputerSystem',
        Property: 'ElementName',
        Type: 'String',
      });
      expect(rows('hyper-v-methods')).toContainEqual({
        Class: 'Msvm_ImageManagementService',
        Method: 'RequestStateChange',
        Parameter: 'RequestedState',
        Type: 'UInt16',
      });
      expect(rows('summary-information')).toEqual([{ Property: 'EnabledState', Type: 'UInt16', Count: 2 }]);
      expect(rows('hyper-v-commands')).toEqual([
        { Command: 'Get-VM', Parameters: expect.stringMatching(/^Name,ComputerName/) as string },
      ]);
      expect(rows('operating-system')).toEqual([
        expect.objectContaining({ BuildNumber: '20348', OSLanguage: 1031, Locale: '0407' }),
      ]);
      // What Linux does not have is told as failed, and nothing stops at it.
      expect(captured.sections).toHaveLength(sections.length);
      expect(captured.sections.find(({ id }) => id === 'quotas-shell')).toMatchObject({
        state: 'failed',
        code: 'DriveNotFound',
      });
      expect(rows('locale')).toHaveLength(1);
    },
    60_000,
  );
});

describe('values that may leave a host', () => {
  test('every kept value matches the format of its field', () => {
    const fields = {
      Version: 'version',
      Count: 'number',
      Command: 'command',
      Class: 'class',
      Culture: 'culture',
    } as const;
    fc.assert(
      fc.property(fc.array(fc.anything()), (values) => {
        const { rows } = keepFields(values, fields);
        for (const row of rows) {
          expect(Object.keys(row)).toEqual(Object.keys(fields));
          for (const [name, kind] of Object.entries(fields)) {
            expect(fieldValue(kind, row[name])).toBe(row[name]);
          }
        }
      }),
    );
  });

  test.each(planted)('%s matches no format', (value) => {
    const kinds = new Set(sections.flatMap(({ fields }) => Object.values(fields)));
    for (const kind of kinds) expect(fieldValue(kind, value), kind).toBeUndefined();
  });

  test.each([
    ['Zugriff verweigert.', 'Zugriff verweigert.'],
    ['Le chemin « C:\\x » n’existe pas', 'Le chemin … n’existe pas'],
    ['Host hv01 and Fileserver fail', 'Host … and … fail'],
    ['アクセスが拒否されました。', 'アクセスが拒否されました。'],
    ['(0x80070005) at 10.0.0.1:5985', '… at …'],
  ])('only plain words of a text are kept: %s', (text, kept) => {
    expect(withoutNames(text, namesIn('fileserver.example.org', 'CONTOSO\\svc'))).toBe(kept);
  });
});

/** Answers as CIM gives them, with a value that must not be seen in every place. */
const cimCmdlets = `
$secret = 'FIN-HV-01.corp.contoso.example'
function New-Named($class, $names) {
  [pscustomobject]@{
    CimClassName = $class; CimSystemProperties = [pscustomobject]@{ ServerName = $secret; Path = $secret }
    CimClassProperties = $names | ForEach-Object { [pscustomobject]@{ Name = $_; CimType = 'String'; Value = $secret } }
    CimClassMethods = [pscustomobject]@{ Name = 'RequestStateChange'; Parameters = [pscustomobject]@{ Name = 'RequestedState'; CimType = 'UInt16'; Value = $secret } }
  }
}
function Get-CimClass { param($Namespace, $ClassName) New-Named $ClassName @('ElementName', 'Name', $secret) }
function Get-CimInstance {
  param($Namespace, $ClassName, $Property)
  if ($ClassName -eq 'Win32_OperatingSystem') {
    return [pscustomobject]@{ Version = '10.0.20348'; BuildNumber = '20348'; ProductType = 3; OperatingSystemSKU = 8; OSLanguage = 1031; CodeSet = '1252'; Locale = '0407'; CSName = $secret; RegisteredUser = $secret }
  }
  foreach ($state in 2, 3, 2) {
    [pscustomobject]@{ EnabledState = $state; OperationalStatus = $(if ($state -eq 2) { @(2, 32774) } else { @(2) }); Name = $secret; ElementName = $secret; PSComputerName = $secret }
  }
}
function Invoke-CimMethod {
  param($InputObject, $MethodName, $Arguments)
  $summary = [pscustomobject]@{ CimInstanceProperties = @(
    [pscustomobject]@{ Name = 'EnabledState'; CimType = 'UInt16'; Value = 2 },
    [pscustomobject]@{ Name = 'ElementName'; CimType = 'String'; Value = $null }
  ) }
  [pscustomobject]@{ ReturnValue = 0; SummaryInformation = @($summary, $summary); PSComputerName = $secret }
}
Export-ModuleMember -Function Get-CimClass, Get-CimInstance, Invoke-CimMethod`;

const hyperV = `
function Get-VM { [CmdletBinding()] param($Name, $ComputerName) }
Export-ModuleMember -Function Get-VM`;
