import { PsScalar, type PsValue } from '../../src/clixml/index.ts';

/** Values that come back as they went, with the .NET type that PowerShell sees. */
export const primitives: readonly (readonly [dotnetType: string, value: PsValue])[] = [
  ['System.String', 'ü 中文 😀 \u0007 _x0041_ <&> \uD83D'],
  ['System.Boolean', true],
  ['System.Int32', -2_147_483_648],
  ['System.Int64', 9_223_372_036_854_775_807n],
  ['System.Byte[]', new Uint8Array([0, 1, 254, 255])],
  ['System.Char', new PsScalar('C', 'ä')],
  ['System.Byte', new PsScalar('By', 255)],
  ['System.SByte', new PsScalar('SB', -128)],
  ['System.UInt16', new PsScalar('U16', 65_535)],
  ['System.Int16', new PsScalar('I16', -32_768)],
  ['System.UInt32', new PsScalar('U32', 4_294_967_295)],
  ['System.UInt64', new PsScalar('U64', 18_446_744_073_709_551_615n)],
  ['System.Single', new PsScalar('Sg', 0.5)],
  ['System.Double', new PsScalar('Db', Math.PI)],
  ['System.Decimal', new PsScalar('D', '79228162514264337593543950335')],
  ['System.DateTime', new PsScalar('DT', '2024-02-29T23:59:59.1234567Z')],
  ['System.TimeSpan', new PsScalar('TS', 'P1DT2H3M4.5S')],
  ['System.Guid', new PsScalar('G', '12345678-9abc-def0-1122-334455667788')],
  ['System.Uri', new PsScalar('URI', 'http://host:5985/wsman?a=b')],
  ['System.Version', new PsScalar('Version', '10.0.20348.1')],
];
