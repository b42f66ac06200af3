import { hash } from 'node:crypto';

/** Joins the parts unambiguously: no part may contain the unit separator (identifiers never do). */
const separator = '\u001f';

/** SHA-256 of the parts in their order: the system's only source of randomness, so that every replay decides alike. */
function digest(parts: readonly (string | number)[]): Buffer {
  return Buffer.from(hash('sha256', parts.join(separator), 'hex'), 'hex');
}

/** A number in [0, 1), uniform over the parts; 48 bits. */
export function uniform(...parts: readonly (string | number)[]): number {
  return digest(parts).readUIntBE(0, 6) / 2 ** 48;
}

/** A deterministic id, `<prefix>-<24 hex digits>` (96 bits). */
export function hashId(prefix: string, ...parts: readonly (string | number)[]): string {
  return `${prefix}-${digest(parts).toString('hex', 0, 12)}`;
}

/** The partition of a client; `partitions` is fixed when a data folder is made. */
export function partitionOf(clientId: string, partitions: number): number {
  return digest([clientId]).readUInt32BE(0) % partitions;
}
