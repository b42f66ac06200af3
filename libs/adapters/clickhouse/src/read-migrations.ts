import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { splitStatements } from './split-statements';

export interface Migration {
  readonly number: number;
  readonly name: string;
  /** Of the file's bytes: an applied file may never change. */
  readonly checksum: string;
  readonly statements: readonly string[];
}

/** The files `NNNN-name.sql` of a folder, by number. */
export function readMigrations(folder: string): Migration[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.sql')).sort();
  const migrations = files.map((file) => readMigration(folder, file));
  migrations.forEach(({ number, name }, i) => {
    if (number === migrations[i - 1]?.number) throw new Error(`two migrations have the number ${number}, one of them is ${name}`);
  });
  return migrations;
}

function readMigration(folder: string, file: string): Migration {
  const [, number, name] = /^(\d{4})-([a-z0-9-]+)\.sql$/.exec(file) ?? [];
  if (!number || !name) throw new Error(`a migration is called NNNN-name.sql, not ${file}`);
  const sql = readFileSync(join(folder, file), 'utf8');
  return { number: Number(number), name, checksum: createHash('sha256').update(sql).digest('hex'), statements: splitStatements(sql) };
}
