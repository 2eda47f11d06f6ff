import { clusterClasses, hyperVClasses, hyperVServices, summaryInformation } from './classes.ts';
import type { Fields } from './fields.ts';

/** One section of a description: its query, and the fields of the result that may leave the host. */
export interface Section {
  readonly id: string;
  /** A fixed, read-only script for Windows PowerShell 5.1 and newer, without .NET calls. */
  readonly script: string;
  readonly fields: Fields;
  /** Counts equal rows instead of listing them. */
  readonly count?: true;
}

const virtualization = String.raw`root\virtualization\v2`;
const cluster = String.raw`root\MSCluster`;
const quote = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/** All sections of a host description. */
export const sections: readonly Section[] = [
  {
    id: 'operating-system',
    script: `
Get-CimInstance -ClassName Win32_OperatingSystem -Property Version, BuildNumber, ProductType, OperatingSystemSKU, OSLanguage, CodeSet, Locale |
  Select-Object -Property Version, BuildNumber, ProductType, OperatingSystemSKU, OSLanguage, CodeSet, Locale`,
    fields: {
      Version: 'version',
      BuildNumber: 'number',
      ProductType: 'number',
      OperatingSystemSKU: 'number',
      OSLanguage: 'number',
      CodeSet: 'number',
      Locale: 'locale',
    },
  },
  {
    id: 'update',
    script: String.raw`Get-ItemProperty -Path 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion' -Name UBR | Select-Object -Property UBR`,
    fields: { UBR: 'number' },
  },
  {
    id: 'locale',
    script: `
Get-Culture | Select-Object @{ n = 'Culture'; e = { $_.Name } }, @{ n = 'UICulture'; e = { (Get-UICulture).Name } },
  @{ n = 'AnsiCodePage'; e = { $_.TextInfo.ANSICodePage } }, @{ n = 'OemCodePage'; e = { $_.TextInfo.OEMCodePage } }`,
    fields: { Culture: 'culture', UICulture: 'culture', AnsiCodePage: 'number', OemCodePage: 'number' },
  },
  {
    id: 'language',
    script: `'' | Select-Object @{ n = 'LanguageMode'; e = { "$($ExecutionContext.SessionState.LanguageMode)" } }`,
    fields: { LanguageMode: 'mode' },
  },
  {
    id: 'execution-policy',
    script: `
Get-ExecutionPolicy -List |
  Select-Object @{ n = 'Scope'; e = { "$($_.Scope)" } }, @{ n = 'Policy'; e = { "$($_.ExecutionPolicy)" } }`,
    fields: { Scope: 'scope', Policy: 'policy' },
  },
  ...quotaSections(),
  classSection('hyper-v-classes', virtualization, hyperVClasses),
  methodSection('hyper-v-methods', virtualization, hyperVServices),
  classSection('cluster-classes', cluster, clusterClasses),
  {
    id: 'states',
    script: `
Get-CimInstance -Namespace '${virtualization}' -ClassName Msvm_ComputerSystem -Property EnabledState, OperationalStatus |
  Select-Object @{ n = 'EnabledState'; e = { $_.EnabledState } }, @{ n = 'OperationalStatus'; e = { $_.OperationalStatus -join ',' } }`,
    fields: { EnabledState: 'number', OperationalStatus: 'numbers' },
    count: true,
  },
  {
    id: 'summary-information',
    script: `
$service = Get-CimInstance -Namespace '${virtualization}' -ClassName Msvm_VirtualSystemManagementService
$arguments = @{ RequestedInformation = [uint32[]]@(${summaryInformation.join(', ')}) }
(Invoke-CimMethod -InputObject $service -MethodName GetSummaryInformation -Arguments $arguments).SummaryInformation |
  Select-Object -First 50 |
  ForEach-Object { $_.CimInstanceProperties } |
  Where-Object { $null -ne $_.Value } |
  Select-Object @{ n = 'Property'; e = { $_.Name } }, @{ n = 'Type'; e = { "$($_.CimType)" } }`,
    fields: { Property: 'property', Type: 'type' },
    count: true,
  },
  commandSection('hyper-v-commands', 'Hyper-V'),
  commandSection('cluster-commands', 'FailoverClusters'),
  {
    id: 'events',
    script: `
'__InstanceCreationEvent', '__InstanceModificationEvent', '__InstanceDeletionEvent' |
  ForEach-Object { Get-CimClass -Namespace '${virtualization}' -ClassName $_ } |
  Select-Object @{ n = 'Name'; e = { $_.CimClassName } }
Get-Command -Name 'Register-CimIndicationEvent' | Select-Object @{ n = 'Name'; e = { $_.Name } }`,
    fields: { Name: 'event' },
  },
];

function quotaSections(): readonly Section[] {
  const places = {
    'quotas-shell': String.raw`WSMan:\localhost\Shell`,
    'quotas-service': String.raw`WSMan:\localhost\Service`,
    'quotas-powershell': String.raw`WSMan:\localhost\Plugin\microsoft.powershell\Quotas`,
    'quotas-general': String.raw`WSMan:\localhost`,
  };
  return Object.entries(places).map(([id, path]) => ({
    id,
    script: `
Get-ChildItem -Path '${path}' | Where-Object { "$($_.Value)" -match '^([0-9]+|true|false)$' } |
  Select-Object @{ n = 'Name'; e = { "$($_.Name)" } }, @{ n = 'Value'; e = { "$($_.Value)" } }`,
    fields: { Name: 'property', Value: 'limit' },
  }));
}

/** Lists names and types of class properties. Instances are not read, as they have values. */
function classSection(id: string, namespace: string, classes: readonly string[]): Section {
  return {
    id,
    script: `
${quote(classes)} |
  ForEach-Object { Get-CimClass -Namespace '${namespace}' -ClassName $_ } |
  ForEach-Object {
    $class = $_.CimClassName
    $_.CimClassProperties |
      Select-Object @{ n = 'Class'; e = { $class } }, @{ n = 'Property'; e = { $_.Name } }, @{ n = 'Type'; e = { "$($_.CimType)" } }
  }`,
    fields: { Class: 'class', Property: 'property', Type: 'type' },
  };
}

function methodSection(id: string, namespace: string, classes: readonly string[]): Section {
  return {
    id,
    script: `
${quote(classes)} |
  ForEach-Object { Get-CimClass -Namespace '${namespace}' -ClassName $_ } |
  ForEach-Object {
    $class = $_.CimClassName
    $_.CimClassMethods | ForEach-Object {
      $method = $_.Name
      $_.Parameters |
        Select-Object @{ n = 'Class'; e = { $class } }, @{ n = 'Method'; e = { $method } }, @{ n = 'Parameter'; e = { $_.Name } }, @{ n = 'Type'; e = { "$($_.CimType)" } }
    }
  }`,
    fields: { Class: 'class', Method: 'property', Parameter: 'property', Type: 'type' },
  };
}

function commandSection(id: string, module: string): Section {
  return {
    id,
    script: `
Get-Command -Module '${module}' |
  Select-Object @{ n = 'Command'; e = { $_.Name } }, @{ n = 'Parameters'; e = { $_.Parameters.Keys -join ',' } }`,
    fields: { Command: 'command', Parameters: 'parameters' },
  };
}
