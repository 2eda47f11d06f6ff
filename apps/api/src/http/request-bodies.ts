import { EmptyRequest, ShutdownRequest } from '@aether-v/types';
import { IsBoolean } from 'class-validator';
import { Optional } from './optional.decorator.ts';

/** The body of an action that asks for nothing more. */
// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- the class says that nothing is accepted
export class EmptyRequestDto implements EmptyRequest {}

/** The body of `shutdown`. */
export class ShutdownRequestDto implements ShutdownRequest {
  @Optional()
  @IsBoolean()
  force?: boolean;
}
