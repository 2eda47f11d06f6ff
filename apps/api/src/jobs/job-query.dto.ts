import {
  HostId,
  VmId,
  jobStates,
  maxPageSize,
  type JobLogQuery,
  type JobQuery,
  type JobState,
} from '@aether-v/types';
import { ArrayMaxSize, IsArray, IsIn, IsInt, Matches, Max, Min } from 'class-validator';
import { Optional } from '../http/optional.decorator.ts';
import { patternOf } from '../http/pattern-of.ts';

/** What `GET /jobs` can be asked. */
export class JobQueryDto implements JobQuery {
  @Optional()
  @IsArray()
  @ArrayMaxSize(100)
  @IsIn(jobStates, { each: true })
  state?: JobState[];

  @Optional()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(patternOf(HostId), { each: true })
  hostId?: string[];

  @Optional()
  @IsArray()
  @ArrayMaxSize(100)
  @Matches(patternOf(VmId), { each: true })
  vmId?: string[];

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
}

/** What `GET /jobs/{jobId}/log` can be asked. */
export class JobLogQueryDto implements JobLogQuery {
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
}
