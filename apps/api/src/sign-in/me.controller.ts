import { Me, timestamp, type MySession } from '@aether-v/types';
import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { configToken, type Config } from '../config/settings.ts';
import { Answers, Problems } from '../http/answers.ts';
import { Public } from '../auth/access.decorators.ts';
import type { Authentication } from '../auth/authentication.ts';
import { highestRole } from '../auth/role-of.ts';
import { SessionService } from '../auth/sessions/session.service.ts';
import type { Session } from '../auth/sessions/session.ts';

@ApiTags('Sign-in')
@Controller('auth')
export class MeController {
  constructor(
    private readonly sessions: SessionService,
    @Inject(configToken) private readonly config: Config,
  ) {}

  @Get('me')
  @Public(
    'Tells callers who they are and how to sign in, so it must answer before they have.',
    {},
    {
      identifies: true,
      background: true,
    },
  )
  @ApiOperation({ summary: 'Read the caller, their session, and the ways to sign in' })
  @Answers(Me, 'The caller; `principal` is null if the caller is not signed in')
  @Problems('provider-unavailable')
  async getMe(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Me> {
    reply.header('cache-control', 'no-store');
    const { authentication } = request;
    const session = this.#sessionOf(authentication);
    return {
      principal: authentication === null ? null : describe(authentication, session),
      session: session === undefined ? null : this.#mySession(session),
      ended: authentication === null ? await this.#endReason(request, reply) : null,
      ...this.#ways(),
    };
  }

  #sessionOf(authentication: Authentication | null): Session | undefined {
    return authentication?.method === 'session' ? this.sessions.get(authentication.credentialId) : undefined;
  }

  #mySession({ id, signedInAt, endsAt }: Session): MySession {
    return {
      id,
      signedInAt: timestamp(signedInAt),
      endsAt: timestamp(endsAt),
      idleMinutes: this.config.sessionIdleMinutes,
    };
  }

  async #endReason(request: FastifyRequest, reply: FastifyReply): Promise<Me['ended']> {
    const resolved = await this.sessions.resolve(request, reply, false);
    return resolved !== null && 'ended' in resolved ? resolved.ended : null;
  }

  #ways(): Pick<Me, 'signIn' | 'provider'> {
    const { authEnabled, oidcClientId, oidcIssuerUrl, accountsFile } = this.config;
    if (authEnabled === false) return { signIn: [], provider: null };
    const hasProvider = oidcClientId !== null && oidcIssuerUrl !== null;
    return {
      signIn: [
        ...(hasProvider ? ['oidc' as const] : []),
        ...(accountsFile === null ? [] : ['account' as const]),
      ],
      provider: hasProvider ? new URL(oidcIssuerUrl).host : null,
    };
  }
}

function describe({ principal, method }: Authentication, session: Session | undefined): Me['principal'] {
  const { id, name, permissions } = principal;
  const role = highestRole(permissions);
  const notice = permissions.size > 0 ? null : session?.groupsOmitted === true ? 'groups-omitted' : 'no-role';
  return { id, name, method, role, permissions: [...permissions], notice };
}
