import { methods, type Outcome } from './methods';
import { Fields, WrongInput } from './read-input';

/** Other names that people would try first. */
const aliases: Readonly<Record<string, string>> = {
  'proportion': 'wilson', 'wilson-interval': 'wilson', 'proportions': 'two-proportions', 'two-proportion-z-test': 'two-proportions', 'z-test': 'two-proportions', 'difference-in-proportions': 'two-proportions',
  'welch-t-test': 'welch', 't-test': 'welch', 'mean': 'welch', 'means': 'welch', 'difference-in-means': 'welch', 'delta-method': 'ratio', 'ratio-metric': 'ratio', 'ratios': 'ratio',
  'winsorised': 'winsorised-means', 'winsorized': 'winsorised-means', 'winsorised-mean': 'winsorised-means', 'winsorized-mean': 'winsorised-means', 'winsorized-means': 'winsorised-means', 'lift': 'relative-lift', 'relative': 'relative-lift', 'asymptotic-confidence-sequence': 'confidence-sequence', 'sequence': 'confidence-sequence', 'always-valid': 'confidence-sequence', 'asympcs': 'confidence-sequence',
  'lan-demets': 'group-sequential', 'alpha-spending': 'group-sequential', 'group-sequential-bounds': 'group-sequential', 'bayesian': 'chance-to-win', 'probability-to-win': 'chance-to-win', 'chance-to-beat-control': 'chance-to-win',
  'sample-ratio-mismatch': 'srm', 'chi-square': 'srm', 'srm-chi-square': 'srm', 'srm-sequential': 'sequential-srm', 'ssrm': 'sequential-srm', 'dirichlet-multinomial': 'sequential-srm', 'bh': 'benjamini-hochberg', 'by': 'benjamini-yekutieli', 'fdr': 'benjamini-hochberg',
  'mde': 'minimum-detectable-effect', 'detection-time': 'time-to-detect',
};

export const methodNames: readonly string[] = Object.keys(methods);

export interface CaseResult {
  readonly method: string;
  readonly result?: Outcome;
  /** The case was wrong: which field, and what about it. */
  readonly error?: string;
  readonly field?: string;
}

/** Cases `[{ method, input }]`; the results stand in their order, a wrong case is answered in its place. */
export function runCases(cases: unknown): CaseResult[] {
  if (!Array.isArray(cases)) throw new WrongInput('the file', 'must be a list of cases [{ "method": …, "input": { … } }]');
  return cases.map((one, index) => runCase(one, `[${index}]`));
}

function runCase(one: unknown, path: string): CaseResult {
  const asked = typeof one === 'object' && one !== null && 'method' in one ? String(one.method) : '';
  try {
    const name = asked.trim().toLowerCase().replaceAll(/[_\s]+/g, '-');
    const method = methods[name] ?? methods[aliases[name] ?? ''];
    if (!method) throw new WrongInput(`${path}.method`, `there is no method "${asked}"; choose one of ${methodNames.join(', ')}`);
    return { method: asked, result: method(new Fields((one as { input?: unknown }).input, `${path}.input`)) };
  } catch (error) {
    if (!(error instanceof WrongInput)) throw error;
    return { method: asked, error: error.message, field: error.field };
  }
}
