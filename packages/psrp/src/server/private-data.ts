import { psDictionary, PsScalar, psList, type PsValue } from '../clixml/index.ts';

/** Creates the body of APPLICATION_PRIVATE_DATA (MS-PSRP 2.2.2.13). */
export function privateData(powerShellVersion: string): PsValue {
  const typeNames = [
    'System.Management.Automation.PSPrimitiveDictionary',
    'System.Collections.Hashtable',
    'System.Object',
  ];
  const version = (text: string): PsValue => new PsScalar('Version', text);
  const compatible = ['1.0', '2.0', '3.0', '4.0', '5.0', powerShellVersion];
  const table = psDictionary(
    {
      PSVersion: version(powerShellVersion),
      PSEdition: 'Desktop',
      PSCompatibleVersions: psList(compatible.map(version), [
        'System.Version[]',
        'System.Array',
        'System.Object',
      ]),
      WSManStackVersion: version('3.0'),
      PSRemotingProtocolVersion: version('2.3'),
      SerializationVersion: version('1.1.0.1'),
    },
    typeNames,
  );
  return psDictionary({ PSVersionTable: table }, typeNames);
}
