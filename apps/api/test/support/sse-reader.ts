import { createParser } from 'eventsource-parser';

/** One event as a reader sees it. */
export interface ReadEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** Reads the text of an event stream piece by piece. */
export class SseReader {
  readonly events: ReadEvent[] = [];
  readonly comments: string[] = [];
  lastEventId = '';
  readonly #parser = createParser({
    onComment: (comment) => this.comments.push(comment),
    onEvent: ({ event = 'message', id, data }) => {
      if (id !== undefined) this.lastEventId = id;
      this.events.push({ event, id, data: JSON.parse(data) as unknown });
    },
  });

  feed(text: string): void {
    this.#parser.feed(text);
  }
}
