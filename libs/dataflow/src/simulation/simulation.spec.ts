import { describe, expect, it } from 'vitest';
import { nastyScenario } from './nasty-flows';
import { simulate } from './simulate';

describe('the engine', () => {
  it('holds', async () => {
    const n = Number(process.env['N'] ?? 50), s0 = Number(process.env['S'] ?? 1);
    const t = Date.now(); let steps = 0, fail: unknown[] = [];
    const faults: Record<string, number> = {}; let frames=0, starts=0;
    for (let seed = s0; seed < s0 + n; seed++) {
      try { const a = await simulate(nastyScenario, seed); steps += a.steps; frames+=a.frames; starts+=a.starts; for (const [k, v] of Object.entries(a.faults)) faults[k] = (faults[k] ?? 0) + v; } catch (e) { fail.push(e); }
    }
    console.log(n, Date.now() - t, 'ms', steps, 'steps', frames, 'frames', starts, 'starts', faults, fail.length, 'failed');
    const cut = (e: Error) => e.message.split('\n')[0]!.slice(0, 200);
    for (const e of fail.slice(0, 12)) console.log(cut(e as Error));
    if (fail.length) console.log((fail[0] as Error).message, ((fail[0] as Error).cause as Error).stack);
    expect(fail.length).toBe(0);
  });
});
