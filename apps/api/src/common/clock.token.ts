/** The injection token of the service's clock. */
export const CLOCK = Symbol('CLOCK');
