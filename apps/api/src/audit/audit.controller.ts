import { AuditHead, AuditRecordQuery, AuditRecords } from '@aether-v/types';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import { RequirePermission } from '../auth/access.decorators.ts';
import { Answers, Problems, TakesQuery } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { AuditLog } from './audit-log.ts';
import { AuditReader } from './records/audit-reader.ts';

@ApiTags('Audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(
    private readonly audit: AuditLog,
    private readonly reader: AuditReader,
  ) {}

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

  @Get('records')
  @RequirePermission('audit')
  @ApiOperation({
    summary: 'Read the audit log, newest records first',
    description:
      'Filters and searches the files in LOG_DIR, rotated ones included; if LOG_DIR is not set, the newest records in memory. A request reads a limited part of the log, so continue with `nextCursor` until it is null.',
  })
  @TakesQuery(AuditRecordQuery)
  @Answers(AuditRecords, 'The next records that match')
  @Problems('validation-failed')
  listAuditRecords(
    @Query(ValidatedPipe.query(AuditRecordQuery)) query: Static<typeof AuditRecordQuery>,
  ): Promise<AuditRecords> {
    return this.reader.read(query);
  }
}
