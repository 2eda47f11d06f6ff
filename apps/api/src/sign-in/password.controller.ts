import { PasswordSignIn } from '@aether-v/types';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/access.decorators.ts';
import { AccountPeople } from '../auth/accounts/account-people.ts';
import { personOfAccount } from '../auth/accounts/account-session-source.ts';
import { SessionService } from '../auth/sessions/session.service.ts';
import { SignInRecorder } from '../auth/sessions/sign-in-recorder.ts';
import { Problems, TakesBody } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { ProblemError } from '../problems/problem-error.ts';

@ApiTags('Sign-in')
@Controller('auth')
export class PasswordController {
  constructor(
    private readonly people: AccountPeople,
    private readonly sessions: SessionService,
    private readonly recorder: SignInRecorder,
  ) {}

  @Post('password')
  // It records its own outcome: with a record before the check, strangers could fill the audit files.
  @Public('Signs in, so callers are not signed in yet.', {}, { mutates: false })
  @HttpCode(204)
  @ApiOperation({
    summary: 'Sign in with a local account',
    description:
      'Begins a session and sets its cookie. After three failures for an account from one address, each further attempt must wait longer, up to five minutes.',
  })
  @TakesBody(PasswordSignIn)
  @ApiResponse({ status: 204, description: 'Signed in' })
  @Problems('unauthenticated', 'not-found', 'too-many-requests')
  async signInWithPassword(
    @Body(ValidatedPipe.body(PasswordSignIn)) { user, password }: PasswordSignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    reply.header('cache-control', 'no-store');
    const { account, knownUser } = await this.people.passwords.check({ user, password, address: request.ip });
    if (account === null) {
      this.recorder.refused(knownUser, request);
      throw new ProblemError('unauthenticated', 'The user name or the password is wrong.');
    }
    const before = await this.sessions.claimsOf(request);
    // Its cookie is replaced (OWASP ASVS 5.0, 7.2.4).
    if (before !== null) this.sessions.end(before, 'signed-out');
    const session = await this.sessions.start(personOfAccount(account), request, reply);
    this.recorder.signedIn(session, request);
  }
}
