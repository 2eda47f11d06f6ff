const list = /(\$script:AgentFiles = @\(\n)[\s\S]*?(^\)\n)/m;

/** Returns the module's root file with the list of files to load: these paths, relative to the module's folder. */
export function withFileList(root: string, paths: readonly string[]): string {
  if (!list.test(root)) throw new Error('The root file has no list of files.');
  const lines = [...paths].sort().map((path) => `    '${path}'\n`);
  return root.replace(list, (_, before: string, after: string) => `${before}${lines.join('')}${after}`);
}

/** Pattern of the listed files, for `globSync` in the module's folder. */
export const listedFiles = '{{Private,Public}/**/*.ps1,{schema,tables}/*.json}';
