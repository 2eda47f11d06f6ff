/**
 * One bug per long suite that its sample must detect: `npm run test:planted` plants them one at a time. `find` occurs
 * exactly once in the file; tools/test/planted-bugs.test.js checks that, so that the table stays in sync with the
 * source. With `service`, the service is built with the bug, and again without it.
 */
export const plantedBugs = [
  {
    bug: 'a step is taken without being in the journal',
    file: 'packages/host-agent/module/AetherV.HostAgent/Private/Saga/Saga.ps1',
    find: '    Save-JournalRecord -Record $record\n    Write-LogLine -Context $Saga.Context -Message $Message\n',
    replace: '    Write-LogLine -Context $Saga.Context -Message $Message\n',
    project: 'packages/host-agent',
    suite: 'test/kill',
  },
  {
    bug: 'texts of requests lose the blanks around them',
    file: 'packages/host-agent/module/AetherV.HostAgent/Private/Json/ConvertFrom-AgentJson.ps1',
    find: '{ return $inner }',
    replace: '{ return $inner.Trim() }',
    project: 'packages/host-agent',
    suite: 'test/hostile',
  },
  {
    bug: 'a reconciliation sends every VM again',
    file: 'packages/host-agent/module/AetherV.HostAgent/Private/Inventory/Watch-HostInventory.ps1',
    find: '        if ($Memory.Sent[$id] -ceq $json) { continue }\n',
    replace: '',
    project: 'packages/host-agent',
    suite: 'test/scale.test.ts',
  },
  {
    bug: 'a damaged fragment ends in an error without a code',
    file: 'packages/psrp/src/core/fragment.ts',
    find: "throw new PsrpError('fragment-malformed', 'A fragment has no content')",
    replace: "throw new Error('A fragment has no content')",
    project: 'packages/psrp',
    suite: 'test/fuzz',
  },
  {
    bug: 'a literal _x in a text is not escaped',
    file: 'packages/psrp/src/clixml/escape.ts',
    find: 'const inText = /[\\u0000-\\u001f&<>\\u007f-\\u009f\\ud800-\\udfff\\ufffe\\uffff]|_(?=[xX])/;',
    replace: 'const inText = /[\\u0000-\\u001f&<>\\u007f-\\u009f\\ud800-\\udfff\\ufffe\\uffff]/;',
    project: 'packages/psrp',
    suite: 'test/clixml/properties.test.ts',
  },
  {
    bug: 'a decimal reference to a character that XML forbids is refused',
    file: 'packages/psrp/src/clixml/forbidden-characters.ts',
    find: '|&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));|',
    replace: '|&#(?:x([0-9a-fA-F]{1,8})|(x));|',
    project: 'packages/psrp',
    suite: 'test/clixml/forbidden-characters.test.ts',
  },
  {
    bug: 'a lone surrogate is written without being escaped',
    file: 'packages/psrp/src/clixml/escape.ts',
    find: 'const inText = /[\\u0000-\\u001f&<>\\u007f-\\u009f\\ud800-\\udfff\\ufffe\\uffff]|_(?=[xX])/;',
    replace: 'const inText = /[\\u0000-\\u001f&<>\\u007f-\\u009f\\ufffe\\uffff]|_(?=[xX])/;',
    project: 'packages/psrp',
    suite: 'test/e2e/forbidden-characters.test.ts',
  },
  {
    bug: 'all pipelined requests of a connection are handled at once',
    file: 'apps/api/src/http/request-turns.ts',
    find: '    const turn = this.#turns.get(socket);\n    if (turn === undefined) {\n',
    replace:
      '    const turn = this.#turns.get(socket);\n    if (turn === undefined || this.#waiting === 0) {\n',
    project: 'apps/api',
    suite: 'test/attacks/unread-sockets.test.ts',
  },
  {
    bug: 'every log line of a host makes a version of its job',
    file: 'apps/api/src/jobs/job-rows.ts',
    find: '    this.#pace.request(hostId, jobId);\n',
    replace: '    this.update(jobId, (job) => job);\n',
    project: 'apps/api',
    suite: 'test/attacks/noisy-host.test.ts',
  },
  {
    bug: 'unknown fields of a body are ignored',
    file: 'apps/api/src/http/validation/validated.pipe.ts',
    find: "      errors.push({ field: `${path}${name}`, message: 'is not a known field' });\n",
    replace: '',
    project: 'tools',
    suite: 'test/fuzz',
    service: true,
  },
  {
    bug: 'a cancelled creation leaves what it has made',
    file: 'packages/hyperv-sim/src/fleet/saga.ts',
    find: '      const left = this.#rollBack();\n',
    replace: '      const left: string[] = [];\n',
    project: 'tools',
    suite: 'test/service-kills.test.ts',
    service: true,
  },
];
