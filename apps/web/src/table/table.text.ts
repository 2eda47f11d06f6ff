import { formatCount } from '../components/format.ts';

export const tableTexts = {
  columns: 'Columns',
  chooseColumns: 'Choose columns',
  resetColumns: 'Reset columns',
  export: 'Export',
  exportCsv: 'Export as CSV',
  exporting: 'Exporting…',
  exported: (count: number) =>
    count === 1 ? '1 row was exported.' : `${formatCount(count)} rows were exported.`,
  exportFailed: 'The list could not be exported',
  sort: 'Sort',
  sortBy: (column: string) => `Sort by ${column}`,
  expand: (name: string) => `Show the parts of ${name}`,
  collapse: (name: string) => `Hide the parts of ${name}`,
};
