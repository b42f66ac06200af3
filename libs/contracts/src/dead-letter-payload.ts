import { maskCardNumbers } from './card-number';
import { maximumItemBytes } from './dead-letter';

export interface KeptPayload {
  readonly payload: string;
  /** A card number was masked: the original is kept nowhere. */
  readonly isMasked: boolean;
  readonly isCut: boolean;
}

/** The original as it may be kept: its JSON with card numbers masked, cut at the bound. Masked first, so that no cut hides a number. */
export function keptPayload(original: { readonly value: unknown } | { readonly text: string }): KeptPayload & { readonly whole: string } {
  try {
    const { text, isMasked } = 'text' in original ? maskedText(original.text) : maskedJson(original.value);
    const payload = cutAt(text, maximumItemBytes);
    return { payload, isMasked, isCut: payload.length < text.length, whole: text };
  } catch (error) {
    // The stack is what bounds the depth of a value that can be walked.
    if (!(error instanceof RangeError)) throw error;
    return { payload: '(nested too deeply to be kept)', isMasked: false, isCut: true, whole: '' };
  }
}

/** Every string, number and key on its own: in the JSON text an escape such as `\n` before a number would hide it. */
export function maskedValue(value: unknown): unknown {
  if (typeof value === 'string') return maskCardNumbers(value);
  if (typeof value === 'number') return maskedNumber(value);
  if (Array.isArray(value)) return value.map(maskedValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [maskCardNumbers(key), maskedValue(inner)]));
}

function maskedNumber(value: number): unknown {
  const masked = maskCardNumbers(String(value));
  return masked === String(value) ? value : masked;
}

function maskedJson(value: unknown): { text: string; isMasked: boolean } {
  const text = JSON.stringify(maskedValue(value)) ?? '';
  return { text, isMasked: text !== (JSON.stringify(value) ?? '') };
}

function maskedText(text: string): { text: string; isMasked: boolean } {
  const plain = text.replace(/\\[bfnrt]/g, ' ');
  const masked = maskCardNumbers(plain);
  return masked === plain ? { text, isMasked: false } : { text: masked, isMasked: true };
}

function cutAt(text: string, maximumBytes: number): string {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maximumBytes) return text;
  return new TextDecoder().decode(bytes.subarray(0, maximumBytes)).replace(/\uFFFD$/, '');
}
