import { lazy, Suspense, useEffect, type ReactElement } from 'react';
import type { OpenVmForm } from '../actions/offered-forms.ts';

const load = () => import('../vm-dialogs/vm-form.tsx');
const VmForm = lazy(async () => ({ default: (await load()).VmForm }));

/** The time in milliseconds after which the first page has loaded what it needs. */
const idleMs = 2500;

/** Loads the forms when the page is idle, so that an outage does not prevent their use. */
export function usePreloadedForms(): void {
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), idleMs);
    return () => clearTimeout(timer);
  }, []);
}

/** Renders the open form of a VM. */
export function renderVmForm(open: OpenVmForm, onClose: () => void): ReactElement {
  return (
    <Suspense fallback={null}>
      <VmForm key={`${open.form} ${open.vmId}`} {...open} onClose={onClose} />
    </Suspense>
  );
}
