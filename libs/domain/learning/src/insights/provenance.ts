/** Sources of events that somebody made up: the simulated bank, and data that their publisher simulated. */
const simulated: readonly { readonly source: RegExp; readonly words: string }[] = [
  { source: /simulat/i, words: 'simulated: events of the simulated bank' },
  { source: /starbucks/i, words: 'simulated: data simulated by their publisher' },
];

/** Where the events came from, and whether they are simulated, as the head of a report says it. */
export function provenanceOf(sources: readonly { readonly source: string; readonly events: number }[]): string {
  if (sources.length === 0) return 'Provenance unknown: no events are stored.';
  const named = sources.map(({ source, events }) => `${source || 'unnamed'} (${events.toLocaleString('en-US')} events)`).join(', ');
  const words = [...new Set(sources.flatMap(({ source }) => simulated.filter((kind) => kind.source.test(source)).map((kind) => kind.words)))];
  return words.length > 0 ? `These figures are ${words.join('; ')}. Sources: ${named}.` : `Sources of the events: ${named}.`;
}
