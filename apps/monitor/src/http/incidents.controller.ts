import { reactionActions, type Incident, type IncidentDetail, type ReactionPolicy, type Silence } from '@sp/contracts';
import { Body, ConflictException, Controller, Get, Headers, HttpCode, Inject, NotFoundException, Param, Post } from '@nestjs/common';
import type { Refusal } from '@sp/monitoring';
import { z } from 'zod';
import { IncidentDesk } from '../incidents/incident-desk';
import { ReactionRefused } from '../incidents/reactions';
import { readJson } from './read-json';

const by = z.string().trim().min(1).max(128);
const note = z.string().trim().max(1_000).default('');
const noteSchema = z.object({ by, note });
const resolveSchema = z.object({ by, note, whileFiring: z.boolean().default(false) });
const reactionSchema = z.object({ by, action: z.enum(reactionActions), target: z.string().max(128).default('') });
const ruleSchema = z.object({ signal: z.string().min(1).max(200), direction: z.enum(['low', 'high']).optional(), action: z.enum(reactionActions), target: z.string().max(128), mode: z.enum(['act', 'propose']) });
const policySchema = z.object({ by, policy: z.object({ version: z.string().min(1).max(128), rules: z.array(ruleSchema).max(200) }) });
/** A silence without an end would be a deaf monitor: a week at most. */
const silenceSchema = z.object({ by, signal: z.string().min(1).max(200), why: z.string().trim().min(1).max(1_000), hours: z.number().positive().max(168) });

const sentences: Readonly<Record<Refusal, string>> = {
  'unknown-incident': 'There is no such incident or reaction.',
  'unknown-silence': 'There is no such silence.',
  'still-firing': 'It is still firing: send whileFiring true if it is to be resolved all the same.',
  'already-resolved': 'It is resolved already.',
};

@Controller('v1/incidents')
export class IncidentsController {
  constructor(@Inject(IncidentDesk) private readonly desk: IncidentDesk) {}

  /** The newest first, with how far (in event time) the signals were judged. */
  @Get()
  async list(): Promise<{ judgedUntilMs?: number; incidents: Incident[]; silences: Silence[] }> {
    const [incidents, silences] = [await this.desk.list(), await this.desk.silences()];
    const { judgedUntilMs } = this.desk;
    return { ...(judgedUntilMs !== undefined && { judgedUntilMs }), incidents, silences };
  }

  /** What is done without being asked, and who wanted it so. */
  @Get('policy')
  async policy(): Promise<{ by: string; policy: ReactionPolicy }> {
    const { by: publishedBy, policy } = await this.desk.policyInForce();
    return { by: publishedBy, policy };
  }

  @Post('policy')
  @HttpCode(200)
  async publishPolicy(@Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<{ by: string; policy: ReactionPolicy }> {
    const { by: publisher, policy } = readJson(policySchema, type, body);
    await this.desk.publishPolicy({ ...policy, rules: policy.rules.map(({ direction, ...rule }) => ({ ...rule, ...(direction && { direction }) })) }, publisher);
    return this.policy();
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<IncidentDetail> {
    const incident = await this.desk.detail(id);
    if (!incident) throw new NotFoundException(`There is no incident "${id}".`);
    return incident;
  }

  @Post(':id/acknowledge')
  @HttpCode(200)
  async acknowledge(@Param('id') id: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<IncidentDetail> {
    return this.done(id, await this.desk.act(id, { kind: 'acknowledged', whileFiring: false, ...readJson(noteSchema, type, body) }));
  }

  @Post(':id/mitigate')
  @HttpCode(200)
  async mitigate(@Param('id') id: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<IncidentDetail> {
    return this.done(id, await this.desk.act(id, { kind: 'mitigated', whileFiring: false, ...readJson(noteSchema, type, body) }));
  }

  @Post(':id/resolve')
  @HttpCode(200)
  async resolve(@Param('id') id: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<IncidentDetail> {
    return this.done(id, await this.desk.act(id, { kind: 'resolved', ...readJson(resolveSchema, type, body) }));
  }

  @Post(':id/reactions')
  @HttpCode(200)
  async react(@Param('id') id: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<IncidentDetail> {
    return this.done(id, await refusedAsConflict(this.desk.react(id, readJson(reactionSchema, type, body))));
  }

  @Post(':id/reactions/:reaction/undo')
  @HttpCode(200)
  async undo(@Param('id') id: string, @Param('reaction') reaction: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<IncidentDetail> {
    return this.done(id, await refusedAsConflict(this.desk.undo(id, reaction, readJson(z.object({ by }), type, body).by)));
  }

  @Post('silences')
  @HttpCode(200)
  async silence(@Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<Silence[]> {
    refuse(await this.desk.silence(readJson(silenceSchema, type, body)));
    return this.desk.silences();
  }

  @Post('silences/:id/end')
  @HttpCode(200)
  async unsilence(@Param('id') id: string, @Headers('content-type') type: string | undefined, @Body() body: unknown): Promise<Silence[]> {
    refuse(await this.desk.unsilence(id, readJson(z.object({ by }), type, body).by));
    return this.desk.silences();
  }

  private async done(id: string, refusal: Refusal | undefined): Promise<IncidentDetail> {
    refuse(refusal);
    return this.one(id);
  }
}

function refuse(refusal: Refusal | undefined): void {
  if (refusal === undefined) return;
  if (refusal.startsWith('unknown')) throw new NotFoundException(sentences[refusal]);
  throw new ConflictException(sentences[refusal]);
}

async function refusedAsConflict<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ReactionRefused) throw new ConflictException(error.message);
    throw error;
  }
}
