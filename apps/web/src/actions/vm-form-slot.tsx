import { lazy, Suspense, useEffect, type ReactElement } from 'react';
import type { VmFormName } from './offered-forms.ts';

const load = () => import('../vm-forms/vm-form.tsx');
const VmForm = lazy(async () => ({ default: (await load()).VmForm }));

/** The time in milliseconds after which the first page has loaded what it needs. */
const idleMs = 2500;

/** The open form of a VM. Its code is loaded when the page is idle, so that an outage does not prevent its use. */
export function VmFormSlot({
  open,
  onClose,
}: {
  readonly open: { readonly form: VmFormName; readonly vmId: string } | null;
  readonly onClose: () => void;
}): ReactElement | null {
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), idleMs);
    return () => clearTimeout(timer);
  }, []);
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <VmForm key={`${open.form} ${open.vmId}`} {...open} onClose={onClose} />
    </Suspense>
  );
}
