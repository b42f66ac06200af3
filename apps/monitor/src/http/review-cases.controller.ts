import { reviewVerdicts, type ReviewCase } from '@sp/contracts';
import { Body, ConflictException, Controller, Get, Headers, HttpCode, Inject, NotFoundException, Param, Post } from '@nestjs/common';
import type { ReviewEntry, ReviewRefusal } from '@sp/monitoring';
import { z } from 'zod';
import { ReviewDesk } from '../reviews/review-desk';
import { readJson } from './read-json';

const by = z.string().trim().min(1).max(128);
const bySchema = z.object({ by });
const judgeSchema = z.object({ by, verdict: z.enum(reviewVerdicts), note: z.string().trim().max(2_000).default(''), sanction: z.boolean().default(false) });

const sentences: Readonly<Record<ReviewRefusal, string>> = {
  'unknown-case': 'There is no such case.',
  'claimed-by-another': 'Somebody else has claimed it.',
  'not-claimed-by-you': 'Claim it first; a claim ends after half an hour.',
  'second-must-be-another': 'The second must be somebody else.',
  'not-awaiting-second': 'It waits for no second person.',
  'closed': 'It is closed.',
  'no-sanction-without-diversion': 'Only a diversion can have consequences.',
};

@Controller('v1/review-cases')
export class ReviewCasesController {
  constructor(@Inject(ReviewDesk) private readonly desk: ReviewDesk) {}

  @Get()
  list(): Promise<ReviewCase[]> {
    return this.desk.list();
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<ReviewCase> {
    const found = await this.desk.find(id);
    if (!found) throw new NotFoundException(sentences['unknown-case']);
    return found;
  }

  @Post(':id/claim')
  @HttpCode(200)
  claim(@Param('id') caseId: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<ReviewCase> {
    return this.act({ kind: 'claimed', caseId, atMs: Date.now(), by: readJson(bySchema, type, body).by });
  }

  @Post(':id/release')
  @HttpCode(200)
  release(@Param('id') caseId: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<ReviewCase> {
    return this.act({ kind: 'released', caseId, atMs: Date.now(), by: readJson(bySchema, type, body).by });
  }

  @Post(':id/verdict')
  @HttpCode(200)
  judge(@Param('id') caseId: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<ReviewCase> {
    return this.act({ kind: 'judged', caseId, atMs: Date.now(), ...readJson(judgeSchema, type, body) });
  }

  @Post(':id/second')
  @HttpCode(200)
  second(@Param('id') caseId: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<ReviewCase> {
    const { by: who, agrees } = readJson(z.object({ by, agrees: z.boolean() }), type, body);
    return this.act({ kind: agrees ? 'agreed' : 'disagreed', caseId, atMs: Date.now(), by: who });
  }

  private async act(entry: Exclude<ReviewEntry, { kind: 'opened' }>): Promise<ReviewCase> {
    const refusal = await this.desk.act(entry);
    if (refusal === 'unknown-case') throw new NotFoundException(sentences[refusal]);
    if (refusal) throw new ConflictException(sentences[refusal]);
    return this.one(entry.caseId);
  }
}
