export const activityTexts = {
  tab: 'Activity',
  table: 'Activity',
  none: 'No activity yet',
  noneVm:
    'Every action on this virtual machine appears here: who did it, when, how long it took and with what result. Jobs of earlier days are in the audit log.',
  noneHost:
    'Every action on this host and its virtual machines appears here: who did it, when, how long it took and with what result. Jobs of earlier days are in the audit log.',
  audit: 'Open the audit log',
  failed: 'The activity could not be loaded',
};
