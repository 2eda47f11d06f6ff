import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  defaultXmlLimits,
  EnvelopeError,
  parseXml,
  readRequest,
  readResponse,
  requestEnvelope,
} from '../../src/wsman/index.ts';

const soapNamespace = 'http://www.w3.org/2003/05/soap-envelope';
const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);

describe('XML that is refused', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['half a document', '<a><b></b>'],
    ['two roots', '<a/><b/>'],
    ['a document type', '<!DOCTYPE a><a/>'],
    ['an entity declaration', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    [
      'a billion laughs',
      '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&c;&c;&c;</a>',
    ],
    ['an external entity', '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['an unbound prefix', '<x:a/>'],
    ['too deep', nested(defaultXmlLimits.maxDepth + 1)],
    ['too many elements', `<a>${'<b/>'.repeat(defaultXmlLimits.maxElements)}</a>`],
    ['too many attributes', `<a ${Array.from({ length: 40 }, (_, i) => `b${i}=""`).join(' ')}/>`],
    ['too long', `<a>${' '.repeat(defaultXmlLimits.maxLength)}</a>`],
    ['a control character', '<a>\u0001</a>'],
    ['an end in the middle of a character', '<?p \ud800'],
  ])('%s', (_, xml) => {
    expect(() => parseXml(xml)).toThrow(EnvelopeError);
  });

  test('input at the limits is accepted', () => {
    expect(parseXml(nested(defaultXmlLimits.maxDepth)).name).toBe('a');
    expect(parseXml(`<a>${'<b/>'.repeat(defaultXmlLimits.maxElements - 1)}</a>`).children).toHaveLength(
      defaultXmlLimits.maxElements - 1,
    );
  });

  test.each([
    ['another root', '<Envelope/>'],
    ['SOAP 1.1', '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body/></s:Envelope>'],
    ['no body', `<s:Envelope xmlns:s="${soapNamespace}"><s:Header/></s:Envelope>`],
  ])('an envelope with %s', (_, xml) => {
    expect(() => readRequest(xml)).toThrow(EnvelopeError);
    expect(() => readResponse('send', xml)).toThrow(EnvelopeError);
  });
});

const valid = requestEnvelope(
  {
    action: 'command',
    resourceUri: 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell',
    shellId: 'B606F4F2-3E6F-411A-8A00-D426AF91AB41',
    commandId: '20FD603E-9859-4785-9C92-22DFF4DC5246',
    args: Buffer.from('args'),
  },
  { to: 'http://h/wsman', messageId: 'M', sessionId: 'S', operationTimeoutMs: 1, maxEnvelopeSize: 1 },
);

test('a damaged request is either read or refused', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: valid.length - 1 }),
      fc.nat({ max: 20 }),
      fc.oneof(
        fc.string(),
        fc.constantFrom('<', '>', '&', '"', '<!--', ']]>', '<![CDATA[', '<?x', '\u0000', '='),
      ),
      (at, drop, insert) => {
        const damaged = valid.slice(0, at) + insert + valid.slice(at + drop);
        try {
          readRequest(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(EnvelopeError);
        }
      },
    ),
    { numRuns: 10_000 },
  );
});

test.each(['!', 'AAA', 'A===', 'AA=A', 'AAAA=', '\u00e4AAA'])('%j is not base64', (text) => {
  const envelope = valid.replace('YXJncw==', text);
  expect(() => readRequest(envelope)).toThrow(EnvelopeError);
});

test('base64 may be wrapped', () => {
  const message = readRequest(valid.replace('YXJncw==', '\n YXJn\r\n cw== \n'));
  expect(message).toMatchObject({ request: { args: Buffer.from('args') } });
});

describe('a long run of base64', () => {
  const run = 'QUJD'.repeat(500);
  test.each([
    ['alone', `<a>${run}</a>`, run],
    ['in several elements', `<a>${run}<b>${run}=</b>${run}</a>`, run + run],
    ['beside other text', `<a> ${run} &amp;<b/>${run}</a>`, ` ${run} &${run}`],
    ['in character data that looks like an element', `<a><![CDATA[<b>${run}</b>]]></a>`, `<b>${run}</b>`],
    ['in a comment that looks like an element', `<a>x<!-- <b>${run}</b> -->y</a>`, 'xy'],
    ['beside the mark that stands for it', `<a>${run}<b/>\uE0000\uE000</a>`, `${run}\uE0000\uE000`],
    ['beside a reference to that mark', `<a>${run}<b/>&#xE000;0&#xE000;</a>`, `${run}\uE0000\uE000`],
  ])('%s is read unchanged', (_, xml, text) => {
    expect(parseXml(xml).text === text).toBe(true);
  });

  test('does not bypass the refusals', () => {
    for (const xml of [
      `<a>${run}</b>`,
      `<a b=">${run}<"/>`,
      `${run}<a/>`,
      `<!DOCTYPE a [<!ENTITY b "<c>${run}</c>">]><a/>`,
    ]) {
      expect(() => parseXml(xml)).toThrow(EnvelopeError);
    }
  });
});
