/** The injection token of the service's clock. */
export const clockToken = Symbol('clock');
