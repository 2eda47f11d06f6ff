import {
  Guid,
  HostId,
  maxPageSize,
  vmSorts,
  vmStates,
  type VmQuery,
  type VmSort,
  type VmState,
} from '@aether-v/types';
import { ArrayMaxSize, IsArray, IsIn, IsInt, Length, Matches, Max, MaxLength, Min } from 'class-validator';
import { Optional } from '../http/optional.decorator.ts';
import { patternOf } from '../http/pattern-of.ts';

/** What `GET /vms` can be asked. */
export class VmQueryDto implements VmQuery {
  @Optional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsIn(vmStates, { each: true })
  state?: VmState[];

  @Optional()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(patternOf(HostId), { each: true })
  hostId?: string[];

  @Optional()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(patternOf(Guid), { each: true })
  clusterId?: string[];

  @Optional()
  @MaxLength(200)
  search?: string;

  @Optional()
  @IsIn(vmSorts)
  sort?: VmSort;

  @Optional()
  @IsInt()
  @Min(0)
  @Max(1_000_000)
  offset?: number;

  @Optional()
  @IsInt()
  @Min(1)
  @Max(maxPageSize)
  limit?: number;

  @Optional()
  @Length(1, 4096)
  cursor?: string;
}
