import { HostId, maxInterest, StreamInterest, VmId } from '@aether-v/types';
import { ArrayMaxSize, IsArray, IsString, Matches } from 'class-validator';
import { patternOf } from '../http/pattern-of.ts';

/** Whose samples of usage a stream is to carry. */
export class StreamInterestDto implements StreamInterest {
  @IsArray()
  @ArrayMaxSize(maxInterest)
  @IsString({ each: true })
  @Matches(patternOf(VmId), { each: true })
  vmIds!: string[];

  @IsArray()
  @ArrayMaxSize(maxInterest)
  @IsString({ each: true })
  @Matches(patternOf(HostId), { each: true })
  hostIds!: string[];
}
