/** Body with its content type, in clear text or sealed (`multipart/encrypted`, MS-WSMV 2.2.9.1). */
export interface MessageBody {
  readonly contentType: string;
  readonly body: Buffer;
}

/** Content type of an envelope in clear text. */
export const soapContentType = 'application/soap+xml;charset=UTF-8';
