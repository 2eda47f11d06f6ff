import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  actionUris,
  actionOf,
  envelopeOverhead,
  faultEnvelope,
  wsmanFaults,
  formatDuration,
  identifyEnvelope,
  identifyResponseEnvelope,
  parseDuration,
  readIdentity,
  readRequest,
  readResponse,
  requestEnvelope,
  responseEnvelope,
  signalUris,
  WsmanFault,
  type ActionName,
  type FaultName,
  type RequestHeader,
  type WsmanRequest,
  type WsmanResponse,
} from '../../src/wsman/index.ts';
import { bodyMeaning, headerMeaning, meaning } from './semantic.ts';

const shellNamespace = 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell';
const endpointUri = 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell';
const winrsUri = `${shellNamespace}/cmd`;
const shellReference = { resourceUri: endpointUri, shellId: 'B606F4F2-3E6F-411A-8A00-D426AF91AB41' };
const commandGuid = '20FD603E-9859-4785-9C92-22DFF4DC5246';
const requestHeader: RequestHeader = {
  to: 'https://host01.example.net:5986/wsman',
  messageId: '0E871D06-E650-46F0-911D-6DB402A83DAE',
  sessionId: '1C3062DA-882D-48E6-BA30-BF8A8242493E',
  operationTimeoutMs: 60_000,
  maxEnvelopeSize: 153_600,
};
const bytes = (value: string): Uint8Array => Buffer.from(value);

/** Each request, the content of its body, and the options and selectors of its header. */
const requests: readonly [WsmanRequest, string, string][] = [
  [
    {
      action: 'create',
      ...shellReference,
      name: 'Aether-V',
      idleTimeoutMs: 600_000,
      noProfile: true,
      protocolVersion: '2.3',
      creation: bytes('first fragments'),
    },
    `<r:Shell xmlns:r="${shellNamespace}" ShellId="${shellReference.shellId}"><r:Name>Aether-V</r:Name>
       <r:IdleTimeOut>PT600S</r:IdleTimeOut><r:InputStreams>stdin pr</r:InputStreams>
       <r:OutputStreams>stdout</r:OutputStreams>
       <creationXml xmlns="http://schemas.microsoft.com/powershell">Zmlyc3QgZnJhZ21lbnRz</creationXml></r:Shell>`,
    `<w:OptionSet xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:s="http://www.w3.org/2003/05/soap-envelope"
       s:mustUnderstand="true"><w:Option Name="WINRS_NOPROFILE">TRUE</w:Option>
       <w:Option Name="protocolversion" MustComply="true">2.3</w:Option></w:OptionSet>`,
  ],
  [
    { action: 'command', ...shellReference, commandId: commandGuid, args: bytes('args') },
    `<CommandLine xmlns="${shellNamespace}" CommandId="${commandGuid}"><Command/><Arguments>YXJncw==</Arguments></CommandLine>`,
    '',
  ],
  [
    { action: 'send', ...shellReference, commandId: commandGuid, stream: 'stdin', data: bytes('in') },
    `<Send xmlns="${shellNamespace}"><Stream Name="stdin" CommandId="${commandGuid}">aW4=</Stream></Send>`,
    '',
  ],
  [
    { action: 'send', ...shellReference, stream: 'pr', data: bytes('in') },
    `<Send xmlns="${shellNamespace}"><Stream Name="pr">aW4=</Stream></Send>`,
    '',
  ],
  [
    { action: 'receive', ...shellReference, commandId: commandGuid, streams: 'stdout' },
    `<Receive xmlns="${shellNamespace}"><DesiredStream CommandId="${commandGuid}">stdout</DesiredStream></Receive>`,
    `<w:OptionSet xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd">
       <w:Option Name="WSMAN_CMDSHELL_OPTION_KEEPALIVE">TRUE</w:Option></w:OptionSet>`,
  ],
  [
    { action: 'signal', ...shellReference, commandId: commandGuid, code: signalUris.interrupt },
    `<Signal xmlns="${shellNamespace}" CommandId="${commandGuid}">
       <Code>http://schemas.microsoft.com/powershell/signal/crtl_c</Code></Signal>`,
    '',
  ],
  [
    {
      action: 'create',
      resourceUri: winrsUri,
      name: 'backup',
      idleTimeoutMs: 600_000,
      noProfile: true,
      codePage: 437,
      workingDirectory: 'C:\\Temp',
      environment: new Map([['A<B', 'x & y']]),
    },
    `<Shell xmlns="${shellNamespace}"><Name>backup</Name><Environment><Variable Name="A&lt;B">x &amp; y</Variable></Environment>
       <WorkingDirectory>C:\\Temp</WorkingDirectory><IdleTimeOut>PT600S</IdleTimeOut>
       <InputStreams>stdin</InputStreams><OutputStreams>stdout stderr</OutputStreams></Shell>`,
    `<w:OptionSet xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><w:Option Name="WINRS_NOPROFILE">TRUE</w:Option>
       <w:Option Name="WINRS_CODEPAGE">437</w:Option></w:OptionSet>`,
  ],
  [
    {
      action: 'command',
      resourceUri: winrsUri,
      shellId: shellReference.shellId,
      command: 'ipconfig',
      commandArguments: ['/all', '"a b"'],
      consoleInput: true,
      skipShell: false,
    },
    `<CommandLine xmlns="${shellNamespace}"><Command>ipconfig</Command><Arguments>/all</Arguments>
       <Arguments>"a b"</Arguments></CommandLine>`,
    `<w:OptionSet xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd">
       <w:Option Name="WINRS_CONSOLEMODE_STDIN">TRUE</w:Option>
       <w:Option Name="WINRS_SKIP_CMD_SHELL">FALSE</w:Option></w:OptionSet>`,
  ],
  [
    {
      action: 'send',
      ...shellReference,
      commandId: commandGuid,
      stream: 'stdin',
      data: bytes('in'),
      end: true,
    },
    `<Send xmlns="${shellNamespace}"><Stream Name="stdin" CommandId="${commandGuid}" End="true">aW4=</Stream></Send>`,
    '',
  ],
  [{ action: 'delete', ...shellReference }, '', ''],
  [
    { action: 'disconnect', ...shellReference, idleTimeoutMs: 90_500 },
    `<Disconnect xmlns="${shellNamespace}"><IdleTimeOut>PT90.500S</IdleTimeOut></Disconnect>`,
    '',
  ],
  [{ action: 'reconnect', ...shellReference }, '', ''],
  [
    { action: 'connect', ...shellReference, connectXml: bytes('again') },
    `<r:Connect xmlns:r="${shellNamespace}"><connectXml xmlns="http://schemas.microsoft.com/powershell">YWdhaW4=</connectXml></r:Connect>`,
    `<w:OptionSet xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:s="http://www.w3.org/2003/05/soap-envelope"
       s:mustUnderstand="true"><w:Option Name="protocolversion" MustComply="true">2.3</w:Option></w:OptionSet>`,
  ],
  [
    { action: 'enumerate' },
    `<n:Enumerate xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"
       xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"><w:OptimizeEnumeration/>
       <w:MaxElements>32000</w:MaxElements></n:Enumerate>`,
    '',
  ],
];

describe('requests', () => {
  test.each(requests)('$action matches MS-WSMV', (request, body, options) => {
    const envelope = requestEnvelope(request, requestHeader);
    expect(bodyMeaning(envelope)).toEqual(body === '' ? undefined : meaning(body));
    const header = headerMeaning(envelope);
    const part = (name: string) => header.find((element) => element.name.endsWith(`}${name}`));
    expect(part('Action')?.content).toBe(actionUris[request.action].request);
    expect(part('OptionSet')).toEqual(options === '' ? undefined : meaning(options));
    expect(part('MessageID')?.content).toBe(`uuid:${requestHeader.messageId}`);
    expect(part('SessionId')?.content).toBe(`uuid:${requestHeader.sessionId}`);
    expect(part('OperationTimeout')?.content).toBe('PT60S');
    expect(part('MaxEnvelopeSize')?.content).toBe('153600');
    expect(part('To')?.content).toBe(requestHeader.to);
    const selects = request.action !== 'create' && request.action !== 'enumerate';
    expect(JSON.stringify(part('SelectorSet') ?? '').includes(shellReference.shellId)).toBe(selects);
  });

  test.each(requests)('$action survives a round trip', (request) => {
    const message = readRequest(requestEnvelope(request, requestHeader));
    expect(message).toMatchObject({ kind: 'request', request });
    expect(message.kind === 'request' && message.header).toMatchObject({
      messageId: `uuid:${requestHeader.messageId}`,
      sessionId: `uuid:${requestHeader.sessionId}`,
      operationTimeoutMs: 60_000,
      maxEnvelopeSize: 153_600,
    });
  });

  test('Identify has no header fields', () => {
    expect(headerMeaning(identifyEnvelope())).toEqual([]);
    expect(readRequest(identifyEnvelope())).toEqual({ kind: 'identify' });
  });

  test('every action has its own requests and responses', () => {
    const uris = Object.values(actionUris).flatMap(({ request, response }) => [request, response]);
    expect(new Set(uris).size).toBe(uris.length);
    for (const name of Object.keys(actionUris) as ActionName[])
      expect(actionOf(actionUris[name].request)).toBe(name);
    expect(new Set(requests.map(([{ action }]) => action))).toEqual(new Set(Object.keys(actionUris)));
  });

  test('any bytes and any names survive a round trip', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc
          .string({ unit: 'binary', minLength: 1 })
          .filter(
            (name) => /^[^\p{C}\uFFFE\uFFFF\s][^\p{C}\uFFFE\uFFFF]*$/u.test(name) && name === name.trim(),
          ),
        (creation, name) => {
          const create = {
            action: 'create',
            ...shellReference,
            name,
            noProfile: false,
            protocolVersion: '2.3',
          } as const;
          const message = readRequest(requestEnvelope({ ...create, creation }, requestHeader));
          expect(message).toMatchObject({ request: { name, noProfile: false } });
          expect(
            message.kind === 'request' &&
              message.request.action === 'create' && [...(message.request.creation ?? [])],
          ).toEqual([...creation]);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each(['create', 'command', 'send'] as const)('the overhead of %s is exact', (action) => {
    const named = { ...shellReference, name: 'Aether-V', idleTimeoutMs: 600_000 };
    const overhead = envelopeOverhead(action, named, requestHeader);
    const data = bytes('123456789');
    const request: WsmanRequest =
      action === 'create'
        ? { action, ...named, noProfile: true, protocolVersion: '2.3', creation: data }
        : action === 'command'
          ? { action, ...shellReference, commandId: commandGuid, args: data }
          : { action, ...shellReference, commandId: commandGuid, stream: 'stdin', data };
    expect(Buffer.byteLength(requestEnvelope(request, requestHeader))).toBe(overhead + 12);
  });
});

const shellDescription = {
  ...shellReference,
  name: 'Aether-V',
  owner: 'EXAMPLE\\operator',
  clientAddress: '10.0.2.2',
  idleTimeoutMs: 600_000,
  state: 'Connected',
  runTimeMs: 1_000,
  inactivityMs: 250,
} as const;

const responses: readonly WsmanResponse[] = [
  { action: 'create', endpoint: 'https://host01/wsman', shell: shellDescription },
  { action: 'command', commandId: commandGuid },
  { action: 'receive', chunks: [] },
  {
    action: 'receive',
    chunks: [
      { stream: 'stdout', commandId: commandGuid, data: Buffer.from('one') },
      { stream: 'stdout', commandId: commandGuid, data: Buffer.from('two') },
      { stream: 'stderr', commandId: commandGuid, data: Buffer.alloc(0), end: true },
    ],
    state: { commandId: commandGuid, done: true, exitCode: 3 },
  },
  { action: 'receive', chunks: [{ stream: 'stdout', data: Buffer.from('pool') }] },
  { action: 'connect', connectXml: Buffer.from('back') },
  { action: 'enumerate', shells: [shellDescription, { ...shellDescription, state: 'Disconnected' }] },
  { action: 'send' },
  { action: 'signal' },
  { action: 'delete' },
  { action: 'disconnect' },
  { action: 'reconnect' },
];

describe('responses', () => {
  const header = { messageId: requestHeader.messageId, relatesTo: 'uuid:X' };

  test.each(responses)('$action survives a round trip', (response) => {
    const answer = readResponse(response.action, responseEnvelope(response, header));
    expect(answer).toEqual({ ok: true, response, relatesTo: 'uuid:X' });
  });

  test('a response to another request is refused', () => {
    const envelope = responseEnvelope({ action: 'send' }, header);
    expect(() => readResponse('signal', envelope)).toThrow(
      expect.objectContaining({ code: 'ERR_WSMAN_ENVELOPE' }),
    );
  });

  test('a Receive response as written by Windows', () => {
    const envelope = `<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope"
        xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:rsp="${shellNamespace}"><s:Header>
        <a:Action>${shellNamespace}/ReceiveResponse</a:Action><a:MessageID>uuid:1</a:MessageID>
        <a:RelatesTo>uuid:2</a:RelatesTo></s:Header><s:Body><rsp:ReceiveResponse>
        <rsp:Stream Name="stdout" CommandId="${commandGuid}">aGk=</rsp:Stream>
        <rsp:Stream Name="stdout" CommandId="${commandGuid}" End="true"></rsp:Stream>
        <rsp:CommandState CommandId="${commandGuid}" State="${shellNamespace}/CommandState/Done">
        <rsp:ExitCode>0</rsp:ExitCode></rsp:CommandState></rsp:ReceiveResponse></s:Body></s:Envelope>`;
    expect(readResponse('receive', envelope)).toEqual({
      ok: true,
      relatesTo: 'uuid:2',
      response: {
        action: 'receive',
        chunks: [
          { stream: 'stdout', commandId: commandGuid, data: Buffer.from('hi') },
          { stream: 'stdout', commandId: commandGuid, data: Buffer.alloc(0), end: true },
        ],
        state: { commandId: commandGuid, done: true, exitCode: 0 },
      },
    });
  });

  test('an identity', () => {
    const identity = { protocolVersion: 'http://p', productVendor: 'V & <W>', productVersion: 'OS: 0.0.0' };
    expect(readIdentity(identifyResponseEnvelope(identity))).toEqual(identity);
  });
});

describe('faults', () => {
  test.each(Object.keys(wsmanFaults) as FaultName[])('%s keeps its number', (name) => {
    const envelope = faultEnvelope(WsmanFault.of(name, 'why'), { messageId: 'A', relatesTo: 'B' }, 'HOST01');
    const answer = readResponse('receive', envelope);
    expect(answer.ok).toBe(false);
    if (answer.ok) return;
    expect(answer.fault).toMatchObject({
      code: wsmanFaults[name].code,
      subcode: wsmanFaults[name].subcode,
      reason: wsmanFaults[name].reason,
      detail: 'why',
      known: name,
    });
  });

  test('predicates use the number, whatever the text', () => {
    const of = (code: number) => new WsmanFault({ code, subcode: 'x', reason: 'Zeitüberschreitung' });
    expect(of(2150858793).isTimedOut).toBe(true);
    expect(of(2150858843).isShellNotFound).toBe(true);
    expect(of(5).isAccessDenied).toBe(true);
    for (const code of [2150858752, 2150858754, 2150858811]) expect(of(code).isUnknownEndpoint).toBe(true);
    for (const code of [
      2150858815, 2150859173, 2150859174, 2150859175, 2150859176, 2150859179, 2150859236, 2150859239,
      2150859242,
    ]) {
      expect(of(code).isQuota).toBe(true);
    }
    expect(of(4711).known).toBeUndefined();
  });

  test('numbers are unique', () => {
    const codes = Object.values(wsmanFaults).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test('a negative number and a nested message are understood', () => {
    const fault = (attributes: string, message: string) =>
      `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>
       <s:Subcode><s:Value>w:TimedOut</s:Value></s:Subcode></s:Code><s:Reason><s:Text>T</s:Text></s:Reason><s:Detail>
       <f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"${attributes}>${message}</f:WSManFault>
       </s:Detail></s:Fault></s:Body></s:Envelope>`;
    const read = (envelope: string) => {
      const answer = readResponse('create', envelope);
      if (answer.ok) throw new Error('not a fault');
      return answer.fault;
    };
    expect(read(fault(' Code="-2144108503"', '')).isTimedOut).toBe(true);
    expect(
      read(fault('', '<f:Message><p:ProviderFault xmlns:p="x">deep</p:ProviderFault></f:Message>')),
    ).toMatchObject({
      code: 2150858793,
      detail: 'deep',
      subcode: 'TimedOut',
    });
  });
});

describe('durations', () => {
  test.each([
    ['PT60S', 60_000],
    ['PT0.250S', 250],
    ['PT7200.000S', 7_200_000],
    ['P0DT0H0M0S', 0],
    ['P1DT2H3M4S', 93_784_000],
    ['PT2147483.647S', 2_147_483_647],
    ['PT1H', 3_600_000],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['', 'P', 'PT', '60', 'PT-5S', '-PT5S', 'P1Y', 'PT5', 'PT1e9S', 'PT5S x'])(
    '%j is refused',
    (text) => {
      expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'ERR_WSMAN_ENVELOPE' }));
    },
  );

  test('survive a round trip', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2_147_483_647 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).toBe(ms);
      }),
    );
  });
});
