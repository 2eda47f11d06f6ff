/** What a host says in its own language: the agent must not decide by any of it. */
export interface HostLanguage {
  /** What its PowerShell runs in: how numbers and moments are written, and what a text is in capitals. */
  readonly culture: string;
  /** Caption and Description of a VM's Msvm_ComputerSystem. */
  readonly virtualMachine: string;
  readonly hostSystem: string;
  readonly running: string;
  readonly networkAdapter: string;
  readonly heartbeat: string;
  readonly outOfMemory: string;
}

/** Languages of hosts. */
export const languages = {
  english: {
    culture: 'en-US',
    virtualMachine: 'Virtual Machine',
    hostSystem: 'Hosting Computer System',
    running: 'Operating normally',
    networkAdapter: 'Ethernet Connection',
    heartbeat: 'Heartbeat',
    outOfMemory: 'Not enough memory in the system.',
  },
  german: {
    culture: 'de-DE',
    virtualMachine: 'Virtueller Computer',
    hostSystem: 'Hostcomputersystem',
    running: 'Normaler Betrieb',
    networkAdapter: 'Ethernet-Verbindung',
    heartbeat: 'Takt',
    outOfMemory: 'Nicht genügend Arbeitsspeicher im System.',
  },
  japanese: {
    culture: 'ja-JP',
    virtualMachine: '仮想マシン',
    hostSystem: 'ホスト コンピューター システム',
    running: '正常に動作しています',
    networkAdapter: 'イーサネット接続',
    heartbeat: 'ハートビート',
    outOfMemory: 'システムのメモリが不足しています。',
  },
} as const satisfies Record<string, HostLanguage>;
