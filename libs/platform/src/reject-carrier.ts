import { deadLetterOfStage, deadLetters, hashId } from '@sp/contracts';
import type { RejectedEvent } from '@sp/dataflow';
import { NatsError, type NatsConnection } from 'nats';
import { pauseBeforeRetry } from './keep-trying';
import { metrics } from './metrics';

const maximumMessageBytes = 900_000;

/**
 * Carries what a stage refused to `dead-letters.<stage>`. Asked again after a crash it sends the same letters, which their readers know by their
 * place. A stream that is away is waited for; one that answers no (it is full) costs the letters, which is counted: it must not stop the line.
 */
export class RejectCarrier {
  constructor(private readonly connection: NatsConnection) {}

  async carry(rejected: readonly RejectedEvent[]): Promise<void> {
    const timeMs = Date.now();
    let batch: string[] = [];
    let bytes = 0;
    const { stage } = rejected[0]!;
    for (const refusal of rejected) {
      metrics.stageRejected.inc({ stage, step: refusal.step, reason: refusal.reject.code });
      const text = JSON.stringify(deadLetterOfStage({ ...refusal, timeMs }));
      if (bytes + text.length > maximumMessageBytes && batch.length > 0) {
        await this.#publish(stage, batch);
        [batch, bytes] = [[], 0];
      }
      batch.push(text);
      bytes += Buffer.byteLength(text);
    }
    await this.#publish(stage, batch);
  }

  async #publish(stage: string, letters: readonly string[]): Promise<void> {
    const text = `[${letters.join(',')}]`;
    // Without the wall clock: the same letters are the same message.
    const msgID = hashId('dm', stage, ...letters.map((letter) => letter.replace(/"timeMs":\d+/, '')));
    for (let attempt = 1; ; attempt++) {
      try {
        await this.connection.jetstream().publish(deadLetters.subject(stage), text, { msgID });
        return;
      } catch (error) {
        if (error instanceof NatsError && error.api_error) return void metrics.deadLettersNotKept.inc(letters.length);
        await pauseBeforeRetry(attempt);
      }
    }
  }
}
