import { EmptyRequest, MySessions, SignedOut, timestamp } from '@aether-v/types';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { configToken, type Config } from '../config/settings.ts';
import { Answers, Problems, TakesBody } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { Public } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { SessionService } from '../auth/sessions/session.service.ts';
import { SignInRecorder } from '../auth/sessions/sign-in-recorder.ts';
import type { SessionClaims } from '../auth/sessions/session.ts';
import { signOutToken, type ProviderSignOut } from '../auth/sessions/sign-out.ts';

const empty = ValidatedPipe.body(EmptyRequest);

/** Their ends are recorded by the handlers: records of every request would let strangers fill the audit files. */
const ending = { identifies: true, mutates: false } as const;

const own = 'Concerns only the sessions of the caller, whatever the role; it answers 401 without one.';

@ApiTags('Sign-in')
@Controller('auth')
export class SessionsController {
  constructor(
    private readonly sessions: SessionService,
    @Inject(signOutToken) private readonly provider: ProviderSignOut,
    private readonly recorder: SignInRecorder,
    @Inject(configToken) private readonly config: Config,
  ) {}

  @Get('sessions')
  @Public(own, {}, { identifies: true })
  @ApiOperation({
    summary: 'List my sessions',
    description: 'Lists the sessions that the service has seen since it started, the last used first.',
  })
  @Answers(MySessions, 'The sessions of the caller')
  @Problems('unauthenticated', 'session-expired')
  listMySessions(@Req() request: FastifyRequest): MySessions {
    const current = request.authentication?.credentialId;
    const items = this.sessions.sessionsOf(signedIn(request).id).map((session) => ({
      id: session.id,
      current: session.id === current,
      signedInAt: timestamp(session.signedInAt),
      lastUsedAt: timestamp(session.lastUsedAt),
      endsAt: timestamp(session.endsAt),
      address: session.client.address,
      userAgent: session.client.userAgent,
    }));
    return { items };
  }

  @Post('sessions/:sessionId/end')
  @HttpCode(204)
  @Public(own, {}, ending)
  @ApiOperation({ summary: 'End one of my sessions', description: 'For example that of a lost device.' })
  @ApiParam({ name: 'sessionId', schema: { type: 'string' } })
  // Generated clients send the content type JSON, which the service requires, only if there is a body.
  @TakesBody(EmptyRequest)
  @ApiResponse({ status: 204, description: 'The session has ended' })
  @Problems('unauthenticated', 'session-expired', 'not-found', 'foreign-origin', 'unsupported-media-type')
  endMySession(
    @Param('sessionId') sessionId: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): void {
    const mine = this.sessions.sessionsOf(signedIn(request).id);
    // Callers without credentials are told so first.
    empty.transform(body);
    const session = mine.find(({ id }) => id === sessionId);
    if (session === undefined) throw new ProblemError('not-found', 'You have no session with this id.');
    this.#end(session, request);
  }

  @Post('logout')
  @HttpCode(200)
  @Public('Ends only the session of the request’s own cookie.', {}, ending)
  @ApiOperation({
    summary: 'Sign out',
    description:
      'Ends the session and its event streams. Open `next` to sign out at the identity provider as well.',
  })
  @TakesBody(EmptyRequest)
  @Answers(SignedOut, 'The caller is signed out')
  @Problems('foreign-origin', 'unsupported-media-type')
  async signOut(
    @Body(empty) _body: Static<typeof EmptyRequest>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedOut> {
    const session = await this.sessions.claimsOf(request);
    this.sessions.clearCookie(reply);
    if (session === null) return { next: null };
    // Before the end of the session, with which its tokens are deleted.
    const next = session.kind === 'oidc' ? this.provider.leave(session.id, this.#home(request)) : null;
    this.#end(session, request);
    return { next: await next };
  }

  #end(session: SessionClaims, request: FastifyRequest): void {
    // A session that this process does not know has ended before.
    if (this.sessions.get(session.id) !== undefined) this.recorder.signedOut(session, request);
    this.sessions.end(session, 'signed-out');
  }

  #home({ protocol, headers }: FastifyRequest): string {
    const origin = this.config.oidcRedirectUri ?? `${protocol}://${headers.host ?? ''}`;
    return new URL('/', origin).href;
  }
}

function signedIn({ principal }: FastifyRequest): Principal {
  if (principal === null) throw new ProblemError('unauthenticated', 'The request contains no credentials.');
  return principal;
}
