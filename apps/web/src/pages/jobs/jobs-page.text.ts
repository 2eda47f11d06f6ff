export const jobsPageTexts = { title: 'Jobs', more: 'Show older jobs' };
