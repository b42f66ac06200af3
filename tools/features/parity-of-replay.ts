import { checkParity, connectClickHouse, type ParityReport } from '@sp/clickhouse';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Account } from '../replay/account';
import { accountText } from '../replay/account-text';
import { HttpDoor } from '../replay/http-door';
import { readOptions } from '../replay/options';
import { startOwnLine } from '../replay/own-line';
import { replay } from '../replay/replay';
import { lineResult } from '../replay/result';

export interface ParityReplay {
  /** Absolute. */
  readonly replay: string;
  readonly mapping: string;
  readonly sample: number;
}

/** Sends the data through a line that lives only for this, and compares what its decisions used with what ClickHouse gives. */
export async function parityOfReplay({ replay: path, mapping: name, sample }: ParityReplay, say: (line: string) => void): Promise<ParityReport> {
  const folder = mkdtempSync(join(tmpdir(), 'sp-parity-replay-'));
  const options = readOptions([path, '--mapping', name, '--data', folder], '/');
  const line = await startOwnLine(folder, options.mapping.provenance, say);
  const client = connectClickHouse(line.clickhouseUrl);
  try {
    const account = await replay({ ...options, door: new HttpDoor(line.ingestUrl), account: new Account() });
    say(accountText(account));
    say(await lineResult({ clickhouseUrl: line.clickhouseUrl, provenance: options.mapping.provenance, isStopped: () => false }));
    return await checkParity(client, { size: sample });
  } finally {
    await client.close();
    await line.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
