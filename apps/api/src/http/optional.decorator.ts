import { ValidateIf } from 'class-validator';

/** The field may be left out. Unlike `IsOptional` this does not let null through, as the contract does not. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
