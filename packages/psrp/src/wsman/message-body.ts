/** A body with its content type, in the clear or sealed (`multipart/encrypted`, MS-WSMV 2.2.9.1). */
export interface MessageBody {
  readonly contentType: string;
  readonly body: Buffer;
}

/** The content type of an envelope in the clear. */
export const soapContentType = 'application/soap+xml;charset=UTF-8';
