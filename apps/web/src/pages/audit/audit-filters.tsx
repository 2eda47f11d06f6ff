import {
  Button,
  Checkbox,
  Dropdown,
  Field,
  Input,
  makeStyles,
  Option,
  SearchBox,
  Tag,
  TagGroup,
  tokens,
} from '@fluentui/react-components';
import { FilterRegular } from '@fluentui/react-icons/svg/filter';
import { auditStatuses } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { readAuditStatuses, type AuditPatch, type AuditSearch } from '../../address/audit-search.ts';
import { useNarrow } from '../../components/use-media.ts';
import { useTyped } from '../../components/use-typed.ts';
import { auditStatusViews, auditTexts as texts } from './audit.text.ts';

const useStyles = makeStyles({
  root: {
    display: 'flex',
    flexDirection: 'column',
    gap: tokens.spacingVerticalS,
    padding: `0 ${tokens.spacingHorizontalXL} ${tokens.spacingVerticalM}`,
  },
  line: { display: 'flex', flexWrap: 'wrap', alignItems: 'end', gap: tokens.spacingHorizontalS },
  search: { flexGrow: 1, flexBasis: '8rem', minWidth: '8rem', width: 'auto', maxWidth: '20rem' },
  part: { flexBasis: '9rem', minWidth: '9rem', flexGrow: 0 },
  time: { flexBasis: '13rem', minWidth: '13rem' },
  input: { minWidth: 0, width: '100%' },
  statuses: { minWidth: '9rem', width: '100%' },
});

type Chip = 'action' | 'job' | 'client';
const chips: readonly Chip[] = ['action', 'job', 'client'];

interface Props {
  readonly search: AuditSearch;
  readonly onFilter: (patch: AuditPatch) => void;
  readonly onClear: () => void;
}

/** The filters of the audit log. Those that are set from a record's details are shown as tags. */
export function AuditFilters({ search, onFilter, onClear }: Props): ReactElement {
  const styles = useStyles();
  const narrow = useNarrow();
  const [isOpen, setOpen] = useState(false);
  const [words, setWords] = useTyped(search.search ?? '', (text) => onFilter({ search: text || undefined }));
  const tags = chips.flatMap((name) => {
    const value = search[name];
    return value === undefined ? [] : [{ name, text: texts[name](value) }];
  });
  return (
    <div className={styles.root} role="search">
      <div className={styles.line}>
        <SearchBox
          className={styles.search}
          type="search"
          aria-label={texts.search}
          placeholder={texts.placeholder}
          value={words}
          onChange={(_, { value }) => setWords(value)}
        />
        {narrow && (
          <Button icon={<FilterRegular />} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {texts.filters}
          </Button>
        )}
        {Object.keys(search).length > 0 && (
          <Button appearance="subtle" onClick={onClear}>
            {texts.clear}
          </Button>
        )}
      </div>
      {(!narrow || isOpen) && <Parts search={search} onFilter={onFilter} />}
      {tags.length > 0 && (
        <TagGroup
          aria-label={texts.filters}
          onDismiss={(_, { value }) => onFilter({ [value as Chip]: undefined })}
        >
          {tags.map(({ name, text }) => (
            <Tag
              key={name}
              value={name}
              dismissible
              dismissIcon={{ 'aria-label': texts.dismissFilter(text) }}
            >
              {text}
            </Tag>
          ))}
        </TagGroup>
      )}
    </div>
  );
}

function Parts({ search, onFilter }: Omit<Props, 'onClear'>): ReactElement {
  const styles = useStyles();
  const statuses = readAuditStatuses(search);
  const [actor, setActor] = useTyped(search.actor ?? '', (text) => onFilter({ actor: text || undefined }));
  const [object, setObject] = useTyped(search.object ?? '', (text) =>
    onFilter({ object: text || undefined }),
  );
  return (
    <div className={styles.line}>
      <Field label={texts.statuses} className={styles.part}>
        <Dropdown
          className={styles.statuses}
          multiselect
          placeholder={texts.anyStatus}
          selectedOptions={[...statuses]}
          value={statuses.map((each) => auditStatusViews[each].word).join(', ')}
          onOptionSelect={(_, { selectedOptions }) =>
            onFilter({ status: selectedOptions.join(',') || undefined })
          }
        >
          {auditStatuses.map((each) => (
            <Option key={each} value={each}>
              {auditStatusViews[each].word}
            </Option>
          ))}
        </Dropdown>
      </Field>
      <Field label={texts.actor} className={styles.part}>
        <Input className={styles.input} value={actor} onChange={(_, { value }) => setActor(value)} />
      </Field>
      <Field label={texts.object} className={styles.part}>
        <Input className={styles.input} value={object} onChange={(_, { value }) => setObject(value)} />
      </Field>
      {(['from', 'to'] as const).map((end) => (
        <Field key={end} label={texts[end]} className={styles.time}>
          <Input
            className={styles.input}
            type="datetime-local"
            value={search[end] ?? ''}
            onChange={(_, { value }) => onFilter({ [end]: value || undefined })}
          />
        </Field>
      ))}
      <Checkbox
        label={texts.own}
        checked={search.own === 'true'}
        onChange={(_, { checked }) => onFilter({ own: checked === true ? 'true' : undefined })}
      />
    </div>
  );
}
