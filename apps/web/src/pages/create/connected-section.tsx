import { Button, Caption1Strong, makeStyles, tokens } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { DeleteRegular } from '@fluentui/react-icons/svg/delete';
import type { ReactElement } from 'react';
import { networkOptions } from '../../hardware/network-options.ts';
import { Choice } from '../../vm-forms/choice.tsx';
import { SizeField } from '../../vm-forms/size-field.tsx';
import type { DiskInput } from './create-input.ts';
import { createTexts as texts } from './create.text.ts';
import type { SectionProps } from './what-section.tsx';

const useStyles = makeStyles({
  row: { display: 'flex', alignItems: 'flex-start', gap: tokens.spacingHorizontalS },
  fields: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalXS,
    flexGrow: 1,
    minWidth: 0,
  },
  // Next to the input, below its label.
  remove: { flexShrink: 0, marginTop: '1.5rem' },
  add: { alignSelf: 'flex-start' },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** A VM has at most eight adapters; more disks than this are added later. */
const mostAdapters = 8;
const mostDisks = 16;

/** The third column: network adapters and further disks. */
export function ConnectedSection({ input, set, resources, problemAt }: SectionProps): ReactElement {
  const styles = useStyles();
  const options = networkOptions(resources.networks);
  const usual = resources.networks.find(({ present }) => present)?.name ?? '';
  const setDisk = (at: number, patch: Partial<DiskInput>): void =>
    set({ disks: input.disks.map((disk, n) => (n === at ? { ...disk, ...patch } : disk)) });
  return (
    <>
      <Caption1Strong>{texts.adapters}</Caption1Strong>
      {input.networks.length === 0 && <span className={styles.quiet}>{texts.noAdapters}</span>}
      {input.networks.map((network, at) => (
        // Adapters have no id before they are created.
        <div key={at} className={styles.row}>
          <div className={styles.fields}>
            <Choice
              label={texts.adapter(at + 1)}
              problem={problemAt(`networkAdapters[${at}]`)}
              value={network}
              options={options}
              onChange={(value) => set({ networks: input.networks.with(at, value) })}
            />
          </div>
          <Button
            className={styles.remove}
            appearance="subtle"
            icon={<DeleteRegular />}
            aria-label={texts.removeAdapter(at + 1)}
            title={texts.removeAdapter(at + 1)}
            onClick={() => set({ networks: input.networks.toSpliced(at, 1) })}
          />
        </div>
      ))}
      {input.networks.length < mostAdapters && (
        <Button
          className={styles.add}
          icon={<AddRegular />}
          onClick={() => set({ networks: [...input.networks, usual] })}
        >
          {texts.addAdapter}
        </Button>
      )}
      <Caption1Strong>{texts.disks}</Caption1Strong>
      {input.disks.map(({ size, type }, at) => (
        <div key={at} className={styles.row}>
          <div className={styles.fields}>
            <SizeField
              label={texts.disk(at + 1)}
              required
              problem={undefined}
              value={size}
              onChange={(next) => setDisk(at, { size: next })}
            />
            <Choice
              label={texts.diskType(at + 1)}
              value={type}
              options={[
                { value: 'Dynamic', label: texts.dynamic },
                { value: 'Fixed', label: texts.fixed },
              ]}
              onChange={(value) => setDisk(at, { type: value === 'Fixed' ? 'Fixed' : 'Dynamic' })}
            />
          </div>
          <Button
            className={styles.remove}
            appearance="subtle"
            icon={<DeleteRegular />}
            aria-label={texts.removeDisk(at + 1)}
            title={texts.removeDisk(at + 1)}
            onClick={() => set({ disks: input.disks.toSpliced(at, 1) })}
          />
        </div>
      ))}
      {input.disks.length < mostDisks && (
        <Button
          className={styles.add}
          icon={<AddRegular />}
          onClick={() => set({ disks: [...input.disks, { size: '100 GB', type: 'Dynamic' }] })}
        >
          {texts.addDisk}
        </Button>
      )}
    </>
  );
}
