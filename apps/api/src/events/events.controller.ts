import { Readable } from 'node:stream';
import { StreamInterest } from '@aether-v/types';
import { Body, Controller, Get, Headers, HttpCode, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { RequirePermission } from '../auth/access.decorators.ts';
import { Problems, TakesBody } from '../http/answers.ts';
import { clientOfAddress } from '../http/client-address.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { EventStreams } from './event-streams.ts';
import { streamDescription, streamEvents } from './stream-description.ts';

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Proxies of the nginx family would hold events back.
  'x-accel-buffering': 'no',
};

@ApiTags('Events')
@Controller('api/v1/events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  @Get()
  @RequirePermission('view')
  @ApiOperation({ summary: 'Follow the fleet by server-sent events', description: streamDescription })
  @ApiQuery({
    name: 'from',
    required: false,
    schema: { type: 'string' },
    description: 'The version to go on from.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'As `from`, and before it: browsers send it.',
  })
  @ApiResponse({
    status: 200,
    description: 'The stream',
    content: { 'text/event-stream': { schema: streamEvents } },
  })
  @Problems('too-many-requests', 'shutting-down', 'foreign-origin')
  followFleet(
    @Query('from') from: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    reply.headers(streamHeaders);
    if (request.method === 'HEAD') {
      void reply.send();
      return;
    }
    const stream = this.streams.open(textOf(lastEventId) ?? textOf(from), clientOfAddress(request.ip));
    // Not the body's own 'close': that one waits until the stream has something to say.
    reply.raw.once('close', () => this.streams.close(stream));
    if (reply.raw.destroyed) this.streams.close(stream);
    void reply.send(Readable.from(stream.chunks(), { objectMode: false }));
  }

  @Put(':streamId/interest')
  @HttpCode(204)
  // What a stream carries ends with the stream, and browsers say it with every page that they turn.
  @RequirePermission('view', { mutates: false })
  @ApiOperation({ summary: 'Say whose CPU and memory is on the screen' })
  @ApiParam({ name: 'streamId', schema: { type: 'string' }, description: 'As the event `hello` says it.' })
  @TakesBody('StreamInterest')
  @ApiResponse({ status: 204, description: 'The stream carries their samples from now on' })
  @Problems('not-found', 'validation-failed', 'unsupported-media-type', 'foreign-origin')
  setStreamInterest(
    @Param('streamId') streamId: string,
    @Body(ValidatedPipe.body(StreamInterest)) interest: Static<typeof StreamInterest>,
  ): void {
    const { vmIds, hostIds } = interest;
    this.streams.get(streamId).setInterest({ vmIds: new Set(vmIds), hostIds: new Set(hostIds) });
  }
}

/** A repeated query parameter arrives as a list: it is no version, and the stream says so. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined;
  return typeof value === 'string' ? value : 'invalid';
}
