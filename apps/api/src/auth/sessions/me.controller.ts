import { Me, roles, type Role } from '@aether-v/types';
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Answers } from '../../http/answers.ts';
import { Public } from '../access.decorators.ts';
import { localAdministrator, type Principal } from '../principal.ts';

const rolesDescending = ['admin', 'writer', 'reader'] as const satisfies readonly Role[];

@ApiTags('Sign-in')
@Controller('auth')
export class MeController {
  @Get('me')
  @Public('Tells callers who they are and how to sign in, so it must answer before they have.')
  @ApiOperation({ summary: 'Read the caller, the session, and the ways to sign in' })
  @Answers(Me, 'The caller; `principal` is null if the caller is not signed in')
  getMe(): Me {
    const { id, name, permissions } = localAdministrator;
    const role = highestRole(localAdministrator);
    return {
      principal: { id, name, method: 'local', role, permissions: [...permissions], notice: null },
      session: null,
      ended: null,
      signIn: [],
      provider: null,
    };
  }
}

/** Returns the highest role whose permissions the principal has. */
function highestRole({ permissions }: Principal): Role | null {
  return rolesDescending.find((role) => roles[role].every((name) => permissions.has(name))) ?? null;
}
