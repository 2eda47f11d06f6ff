import { property, psEnum, psList, PsObject, psObject, PsScalar, type PsValue } from '../clixml/index.ts';
import { displayText, flagOf, integerOf, itemsOf, need, textOf, type Codec } from './codec.ts';
import { invocationInfoOf, type InvocationInfo } from './invocation-info.ts';

/** Record of the warning, verbose or debug stream (MS-PSRP 2.2.3.16). */
export interface InformationalRecord {
  readonly message: string;
  /** Present only if the client requested it in `remoteStreamOptions`. */
  readonly invocation: InvocationInfo | undefined;
}

/** Record of the information stream, which Write-Host also uses (MS-PSRP 2.2.2.26). */
export interface InformationRecord {
  /** Display text of `messageData`. */
  readonly message: string;
  readonly messageData: PsValue;
  readonly source: string | undefined;
  /** Time as CLIXML text (`2024-02-29T23:59:59.1234567Z`), with a resolution of 100 ns. */
  readonly timeGenerated: string | undefined;
  readonly tags: readonly string[];
  readonly user: string | undefined;
  readonly computer: string | undefined;
  readonly processId: number | undefined;
}

/** Record of the progress stream (MS-PSRP 2.2.2.25). */
export interface ProgressRecord {
  readonly activity: string;
  readonly activityId: number;
  readonly statusDescription: string | undefined;
  readonly currentOperation: string | undefined;
  /** -1 if there is no parent. */
  readonly parentActivityId: number;
  /** 0 to 100; -1 if unknown. */
  readonly percentComplete: number;
  /** -1 if unknown. */
  readonly secondsRemaining: number;
  readonly type: 'processing' | 'completed';
}

/** Streams that carry text messages. */
export type InformationalKind = 'Warning' | 'Verbose' | 'Debug';

/** Creates the codec of WARNING_RECORD, VERBOSE_RECORD or DEBUG_RECORD, which differ only in their type names. */
export function informationalCodec(kind: InformationalKind): Codec<InformationalRecord> {
  return {
    encode: ({ message }) =>
      new PsObject({
        typeNames: [
          `System.Management.Automation.${kind}Record`,
          'System.Management.Automation.InformationalRecord',
          'System.Object',
        ],
        toStringText: message,
        extended: new Map<string, PsValue>([
          ['InformationalRecord_Message', message],
          ['InformationalRecord_SerializeInvocationInfo', false],
        ]),
      }),
    decode: (payload) => ({
      message: need(textOf(payload, 'InformationalRecord_Message') ?? displayText(payload), 'message'),
      invocation:
        flagOf(payload, 'InformationalRecord_SerializeInvocationInfo') === true
          ? invocationInfoOf(payload ?? null, true)
          : undefined,
    }),
  };
}

/** Codec of INFORMATION_RECORD. */
export const informationCodec: Codec<InformationRecord> = {
  encode: (record) =>
    psObject({
      MessageData: record.messageData,
      Source: record.source ?? null,
      TimeGenerated: record.timeGenerated === undefined ? null : new PsScalar('DT', record.timeGenerated),
      Tags: psList(record.tags),
      User: record.user ?? null,
      Computer: record.computer ?? null,
      ProcessId: new PsScalar('U32', record.processId ?? 0),
      NativeThreadId: new PsScalar('U32', 0),
      ManagedThreadId: new PsScalar('U32', 0),
    }),
  decode: (payload) => {
    const messageData = need(property(payload, 'MessageData'), 'MessageData');
    return {
      message: textOf(messageData, 'Message') ?? displayText(messageData) ?? '',
      messageData,
      source: textOf(payload, 'Source'),
      timeGenerated: textOf(payload, 'TimeGenerated'),
      tags: itemsOf(payload, 'Tags').filter((tag) => typeof tag === 'string'),
      user: textOf(payload, 'User'),
      computer: textOf(payload, 'Computer'),
      processId: integerOf(payload, 'ProcessId'),
    };
  },
};

/** Codec of PROGRESS_RECORD. */
export const progressCodec: Codec<ProgressRecord> = {
  encode: (record) =>
    psObject({
      Activity: record.activity,
      ActivityId: record.activityId,
      StatusDescription: record.statusDescription ?? null,
      CurrentOperation: record.currentOperation ?? null,
      ParentActivityId: record.parentActivityId,
      PercentComplete: record.percentComplete,
      Type:
        record.type === 'completed'
          ? psEnum('System.Management.Automation.ProgressRecordType', 1, 'Completed')
          : psEnum('System.Management.Automation.ProgressRecordType', 0, 'Processing'),
      SecondsRemaining: record.secondsRemaining,
    }),
  decode: (payload) => ({
    activity: need(textOf(payload, 'Activity'), 'Activity'),
    activityId: need(integerOf(payload, 'ActivityId'), 'ActivityId'),
    statusDescription: textOf(payload, 'StatusDescription'),
    currentOperation: textOf(payload, 'CurrentOperation'),
    parentActivityId: integerOf(payload, 'ParentActivityId') ?? -1,
    percentComplete: integerOf(payload, 'PercentComplete') ?? -1,
    secondsRemaining: integerOf(payload, 'SecondsRemaining') ?? -1,
    type: integerOf(payload, 'Type') === 1 ? 'completed' : 'processing',
  }),
};
