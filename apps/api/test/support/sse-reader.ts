/** One event as a reader sees it. */
export interface ReadEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** Reads the text of an event stream as browsers do (WHATWG HTML, 9.2.6), piece by piece. */
export class SseReader {
  readonly events: ReadEvent[] = [];
  readonly comments: string[] = [];
  lastEventId = '';
  #rest = '';

  feed(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) this.#read(block.split('\n'));
  }

  #read(lines: readonly string[]): void {
    const field = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    this.comments.push(...lines.filter((line) => line.startsWith(':')));
    const [event, id, data] = [field('event'), field('id'), field('data')];
    if (id !== undefined) this.lastEventId = id;
    if (event !== undefined && data !== undefined)
      this.events.push({ event, id, data: JSON.parse(data) as unknown });
  }
}
