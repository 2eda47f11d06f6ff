import { Readable } from 'node:stream';
import { StreamInterest } from '@aether-v/types';
import { Body, Controller, Get, Headers, HttpCode, Param, Put, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { CurrentAuthentication, RequirePermission } from '../auth/access.decorators.ts';
import type { Authentication } from '../auth/authentication.ts';
import { Problems, TakesBody } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { EventStreams } from './event-streams.ts';
import { streamDescription, streamEvents } from './stream-description.ts';

const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store',
  // Disables response buffering in proxies of the nginx family.
  'x-accel-buffering': 'no',
};

@ApiTags('Events')
@Controller('api/v1/events')
export class EventsController {
  constructor(private readonly streams: EventStreams) {}

  @Get()
  @RequirePermission('view', { background: true })
  @ApiOperation({
    summary: 'Stream changes of the fleet as server-sent events',
    description: streamDescription,
  })
  @ApiQuery({
    name: 'from',
    required: false,
    schema: { type: 'string' },
    description: 'The version to resume from.',
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Same as `from`, and takes precedence over it. Browsers send it when they reconnect.',
  })
  @ApiResponse({
    status: 200,
    description: 'The event stream',
    content: { 'text/event-stream': { schema: streamEvents } },
  })
  @Problems('too-many-requests', 'shutting-down', 'foreign-origin')
  followFleet(
    @Query('from') from: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentAuthentication() authentication: Authentication,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): void {
    reply.headers(streamHeaders);
    if (request.method === 'HEAD') {
      void reply.send();
      return;
    }
    const version = textOf(lastEventId) ?? textOf(from);
    const stream = this.streams.open(version, authentication);
    // Not the body's 'close' event, which fires only when the stream next has something to send.
    reply.raw.once('close', () => this.streams.close(stream));
    if (reply.raw.destroyed) this.streams.close(stream);
    void reply.send(Readable.from(stream.chunks(), { objectMode: false }));
  }

  @Put(':streamId/interest')
  @HttpCode(204)
  // Does not count as a mutation: the selection lasts as long as the stream, and browsers send it on every navigation.
  @RequirePermission('view', { mutates: false })
  @ApiOperation({ summary: 'Select the VMs whose CPU and memory samples the stream sends' })
  @ApiParam({
    name: 'streamId',
    schema: { type: 'string' },
    description: 'The stream id from the event `hello`.',
  })
  @TakesBody(StreamInterest)
  @ApiResponse({ status: 204, description: 'The stream sends these samples from now on' })
  @Problems('not-found', 'validation-failed', 'unsupported-media-type', 'foreign-origin')
  setStreamInterest(
    @Param('streamId') streamId: string,
    @Body(ValidatedPipe.body(StreamInterest)) interest: Static<typeof StreamInterest>,
    @CurrentAuthentication() authentication: Authentication,
  ): void {
    const { vmIds, hostIds } = interest;
    this.streams
      .get(streamId, authentication)
      .setInterest({ vmIds: new Set(vmIds), hostIds: new Set(hostIds) });
  }
}

/** Returns a query parameter as text. A repeated parameter arrives as a list, which the stream rejects as a version. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === '') return undefined;
  return typeof value === 'string' ? value : 'invalid';
}
