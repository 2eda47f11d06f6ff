import { Button } from '@fluentui/react-components';
import { PlugConnectedCheckmarkRegular } from '@fluentui/react-icons/svg/plug-connected-checkmark';
import { commands, type Host } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { useRunAction } from '../../actions/use-run-action.tsx';
import { useRows } from '../../fleet/fleet-context.ts';
import { isActive } from '../../fleet/is-active.ts';
import { useWhyNot } from '../../session/session-context.ts';
import { hostTexts as texts } from './host.text.ts';

/** Tests the connection to a host, also one that is unreachable; disabled during a test. */
export function TestConnection({ host }: { readonly host: Host }): ReactElement {
  const run = useRunAction();
  const [isRunning, setRunning] = useState(false);
  const isTested = useRows('job').some(
    (job) => job.command === 'host.test' && job.subject.id === host.id && isActive(job),
  );
  const notPermitted = useWhyNot()(commands['host.test'].permission);
  const reason = notPermitted ?? (isRunning || isTested ? texts.testing : undefined);
  return (
    <Button
      icon={<PlugConnectedCheckmarkRegular />}
      aria-label={texts.testConnection(host.name)}
      aria-description={reason}
      title={reason}
      disabledFocusable={reason !== undefined}
      onClick={() => {
        setRunning(true);
        void run('host.test', host).finally(() => setRunning(false));
      }}
    >
      {commands['host.test'].label}
    </Button>
  );
}
