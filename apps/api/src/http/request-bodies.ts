import { DeleteVmRequest, EmptyRequest, maxTextLength, ShutdownRequest } from '@aether-v/types';
import { IsBoolean, IsString, MaxLength } from 'class-validator';
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

/** The body of `delete`. */
export class DeleteVmRequestDto implements DeleteVmRequest {
  @MaxLength(maxTextLength)
  @IsString({ message: 'name is required: that of the VM, letter for letter' })
  name!: string;

  @Optional()
  @IsBoolean()
  force?: boolean;

  @Optional()
  @IsBoolean()
  deleteDisks?: boolean;
}
