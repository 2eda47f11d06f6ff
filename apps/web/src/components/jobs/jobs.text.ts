export const jobTexts = {
  table: 'Jobs',
  cancel: (title: string) => `Cancel ${title}`,
  cancelShort: 'Cancel',
  cancelling: 'Cancelling…',
  cancelFailed: (title: string) => `${title} could not be cancelled`,
  progress: (title: string) => `Progress of ${title}`,
  log: 'Log',
  levels: { info: '', warning: 'Warning: ', error: 'Error: ' },
  emptyLog: 'Nothing has been logged.',
  none: 'No jobs yet',
  noneBody: 'A job appears here for everything that is started, stopped or changed. The newest comes first.',
  failedTitle: 'The jobs could not be read',
};
