import { toAsciiJson } from '@aether-v/types';
import { randomBytes } from 'node:crypto';
import { maxDocumentBytes } from './chunks.ts';
import { documentProblems, sectionNames, type DocumentSections, type SectionName } from './document.ts';
import { SealError } from './errors.ts';

/**
 * The sections of a document as bytes that can be erased. Texts of JavaScript cannot: the caller's object remains in
 * memory until it is collected.
 */
export class HeldDocument {
  readonly #sections = new Map<SectionName, Buffer>();

  /** @throws SealError with the paths of invalid fields, without their values. */
  constructor(sections: DocumentSections) {
    const problems = documentProblems(sections);
    if (problems.length > 0) {
      throw new SealError('document-invalid', `The document is invalid at: ${problems.join(', ')}.`);
    }
    for (const name of sectionNames) {
      if (sections[name] !== undefined) this.#sections.set(name, Buffer.from(toAsciiJson(sections[name])));
    }
    const { plaintext, reportKey } = this.compose();
    const size = plaintext.length;
    erase(plaintext, reportKey);
    if (size > maxDocumentBytes) {
      this.erase();
      throw new SealError('document-too-large', `The document has more than ${maxDocumentBytes} bytes.`);
    }
  }

  /** Returns the JSON of a document with a new report key. Both belong to the caller, who erases them. */
  compose(): { plaintext: Buffer; reportKey: Buffer } {
    const reportKey = randomBytes(32);
    const head = `{"version":1,"reportKey":"${reportKey.toString('base64url')}"`;
    const parts = [...this.#sections].flatMap(([name, bytes]) => [Buffer.from(`,"${name}":`), bytes]);
    return { plaintext: Buffer.concat([Buffer.from(head), ...parts, Buffer.from('}')]), reportKey };
  }

  /** Erases sections that are no longer needed. */
  drop(names: readonly SectionName[]): void {
    for (const name of names) {
      this.#sections.get(name)?.fill(0);
      this.#sections.delete(name);
    }
  }

  /** Erases all sections. */
  erase(): void {
    this.drop(sectionNames);
  }
}

/** Overwrites secrets with zeros. */
export function erase(...secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) secret.fill(0);
}
