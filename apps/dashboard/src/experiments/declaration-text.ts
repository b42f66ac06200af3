/** The form's text as the door wants it; what is no number stays a text there, and the server says so by its field. */
export function declarationOf(form: FormData): Record<string, unknown> {
  const text = (name: string): string => String(form.get(name) ?? '').trim();
  return {
    experimentId: text('experimentId'), hypothesis: text('hypothesis'), within: text('within'), control: text('control'),
    share: numberOf(text('sharePercent'), 0.01), horizonDays: numberOf(text('horizonDays')), metrics: parts(text('metrics'), ','),
    arms: parts(text('arms'), '\n').map(armOf), guardrails: parts(text('guardrails'), ',').map(guardrailOf),
  };
}

function armOf(line: string): object {
  const [arm, policy, weight = '1', exploration] = line.split(',').map((part) => part.trim());
  return { arm, policy, weight: numberOf(weight), ...(exploration && { explorationShare: numberOf(exploration) }) };
}

function guardrailOf(words: string): object {
  const [metric, tolerance = '0'] = words.split(/\s+/);
  return { metric, tolerance: numberOf(tolerance) };
}

function parts(text: string, separator: string): string[] {
  return text.split(separator).map((part) => part.trim()).filter((part) => part !== '');
}

function numberOf(text: string, unit = 1): number | string {
  const value = Number(text);
  return text === '' || Number.isNaN(value) ? text : Math.round(value * unit * 1e6) / 1e6;
}
