import { AuditHead } from '@aether-v/types';
import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../auth/access.decorators.ts';
import { Answers } from '../http/answers.ts';
import { AuditLog } from './audit-log.ts';

@ApiTags('Audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditLog) {}

  @Get('head')
  @RequirePermission('audit')
  @ApiOperation({
    summary: 'Read the head of the audit chain and its last checkpoint',
    description:
      'A copy that is kept elsewhere proves later that the audit file has not lost the records up to its checkpoint.',
  })
  @Answers(AuditHead, 'The head of the audit chain')
  getAuditHead(): AuditHead {
    return this.audit.head();
  }
}
