/** Returns the lines that document.awk prints for a value. */
export function flatten(value: unknown, path = ''): string[] {
  const inner = (name: string | number): string => (path === '' ? String(name) : `${path}/${name}`);
  if (Array.isArray(value)) {
    const elements = value.flatMap((element, index) => flatten(element, `${path}/${index}`));
    return [...elements, `${path}\ta\t${value.length}`];
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).flatMap(([name, member]) => flatten(member, inner(name)));
    return [`${path}\to\t`, ...members];
  }
  if (typeof value === 'string') {
    return [`${path}\ts\t${value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`];
  }
  return [`${path}\t${typeof value === 'number' ? 'n' : 'l'}\t${String(value)}`];
}
