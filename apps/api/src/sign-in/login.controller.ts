import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemPages } from '../http/answers.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { Public } from '../auth/access.decorators.ts';
import { OidcPeople } from '../auth/oidc/oidc-people.ts';
import { sendProblemPage, wantsPage } from '../auth/oidc/problem-page.ts';
import { returnPath } from '../auth/oidc/return-path.ts';
import { SignInRecorder } from '../auth/sessions/sign-in-recorder.ts';

@ApiTags('Sign-in')
@Controller('auth')
export class LoginController {
  constructor(
    private readonly people: OidcPeople,
    private readonly recorder: SignInRecorder,
  ) {}

  @Get('login')
  @Public('Begins the sign-in, so callers are not signed in yet.')
  @ApiOperation({
    summary: 'Sign in at the identity provider',
    description: 'For browsers: open it as a page.',
  })
  @ApiQuery({
    name: 'returnTo',
    required: false,
    schema: { type: 'string' },
    description: 'The path of the console to open after sign-in; default: `/`.',
  })
  @ApiResponse({ status: 302, description: 'The sign-in page of the provider' })
  @ProblemPages('not-found', 'provider-unavailable')
  async login(
    @Query('returnTo') returnTo: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const path = returnPath(returnTo);
    await orPage(request, reply, path, async () => {
      reply.header('cache-control', 'no-store');
      // Nest has set the status of its default.
      void reply.redirect(await this.people.signIn.begin(path, request, reply), 302);
    });
  }

  @Get('callback')
  @Public('Completes the sign-in, so callers are not signed in yet.')
  @ApiOperation({ summary: 'Complete a sign-in', description: 'The provider returns browsers here.' })
  @ApiResponse({ status: 302, description: 'The page of the console from which the sign-in began' })
  @ProblemPages('sign-in-failed', 'not-found', 'provider-unavailable')
  async completeLogin(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await orPage(request, reply, '/', async () => {
      reply.header('cache-control', 'no-store');
      const { session, returnTo } = await this.people.signIn.complete(request, reply);
      this.recorder.signedIn(session, request);
      void reply.redirect(returnTo, 302);
    });
  }
}

/** Runs a step of the sign-in. Browsers see a failure as a page, programs as a problem. */
async function orPage(
  request: FastifyRequest,
  reply: FastifyReply,
  returnTo: string,
  step: () => Promise<void>,
): Promise<void> {
  try {
    await step();
  } catch (error) {
    if (!(error instanceof ProblemError) || !wantsPage(request)) throw error;
    void sendProblemPage(reply, error, returnTo);
  }
}
