/** The reasons why media cannot be made. */
export type MediaErrorCode =
  | 'label-invalid'
  | 'label-too-long'
  | 'path-invalid'
  | 'path-too-long'
  | 'path-too-deep'
  | 'path-repeated'
  | 'file-too-large'
  | 'image-too-large';

/** Input from which no media can be made. */
export class MediaError extends Error {
  override readonly name = 'MediaError';
  readonly code: MediaErrorCode;

  constructor(code: MediaErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
