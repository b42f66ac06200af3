import type { Sample } from '../estimate';
import { sampleOfProportion, type Proportion } from '../proportions-difference';
import { sampleOf, type PairSums } from '../sums';
import { sampleOfValues } from '../winsorise';

/** Names the field that is wrong, so that whoever wrote the case can mend it. */
export class WrongInput extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(`${field}: ${message}`);
  }
}

/** Other people's names for the same; case, `_` and `-` do not count. */
const synonyms: Readonly<Record<string, readonly string[]>> = {
  control: ['a', 'baseline', 'holdout'], treatment: ['b', 'treated', 'variant', 'test'],
  n: ['count', 'clients', 'size', 'nobs', 'trials', 'total'], sum: ['total', 'sumY', 'mainSum'], sumSquares: ['sumOfSquares', 'sumSq', 'sumSquared', 'sumYY', 'mainSumSquares'],
  variance: ['var'], standardDeviation: ['sd', 'std', 'stddev'], successes: ['conversions', 'x', 'events'],
  sumY: ['sum', 'numeratorSum', 'sumNumerator', 'mainSum'], sumX: ['denominatorSum', 'sumDenominator', 'covariateSum', 'sumCovariate', 'sumPre'],
  sumYY: ['sumSquares', 'numeratorSumSquares', 'sumNumeratorSquares', 'mainSumSquares', 'sumY2'], sumXX: ['denominatorSumSquares', 'sumDenominatorSquares', 'covariateSumSquares', 'sumCovariateSquares', 'sumPreSquares', 'sumX2'],
  sumXY: ['sumProducts', 'sumProduct', 'sumYX', 'crossProducts', 'mainCovariateSumProduct', 'mainDenominatorSumProduct', 'numeratorDenominatorSumProduct', 'sumYPre'],
  pValues: ['p', 'ps', 'pvals'], observed: ['counts'], weights: ['expected', 'ratios', 'split'], looks: ['observed', 'counts'],
  informationFractions: ['fractions', 'timing', 't', 'information'], z: ['zs', 'zScores', 'statistics'], effect: ['delta', 'mde', 'difference'],
  controlClients: ['n1', 'nControl', 'n', 'clientsPerArm', 'nPerArm'], treatedClients: ['n2', 'nTreatment', 'nTreated', 'n', 'clientsPerArm', 'nPerArm'], quantile: ['percentile', 'q'], tightestAt: ['tStar', 'optimisedAt'], correction: ['procedure'],
};

/** One object of a case: reads its fields by name or synonym. */
export class Fields {
  private readonly byName: ReadonlyMap<string, unknown>;

  constructor(
    value: unknown,
    private readonly path: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WrongInput(path, 'must be an object');
    this.byName = new Map(Object.entries(value).map(([key, field]) => [plain(key), field]));
  }

  has(name: string): boolean {
    return this.find(name) !== undefined;
  }

  object(name: string): Fields {
    return new Fields(this.find(name) ?? this.missing(name), this.at(name));
  }

  number(name: string, fallback?: number): number {
    const value = this.find(name) ?? fallback ?? this.missing(name);
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new WrongInput(this.at(name), `must be a finite number, not ${JSON.stringify(value)}`);
    return value;
  }

  /** Above `low`, below `high`. */
  between(name: string, low: number, high: number, fallback?: number): number {
    const value = this.number(name, fallback);
    if (!(value > low && value < high)) throw new WrongInput(this.at(name), `must be between ${low} and ${high}, not ${value}`);
    return value;
  }

  count(name: string, fallback?: number): number {
    const value = this.number(name, fallback);
    if (value < 0) throw new WrongInput(this.at(name), `must not be negative, it is ${value}`);
    return value;
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback?: T): T {
    const value = this.find(name) ?? fallback ?? this.missing(name);
    const chosen = choices.find((choice) => typeof value === 'string' && plain(choice) === plain(value));
    if (chosen === undefined) throw new WrongInput(this.at(name), `must be one of ${choices.join(', ')}, not ${JSON.stringify(value)}`);
    return chosen;
  }

  numbers(name: string): number[] {
    return numbersOf(this.find(name) ?? this.missing(name), this.at(name));
  }

  list(name: string): unknown[] {
    const value = this.find(name) ?? this.missing(name);
    if (!Array.isArray(value)) throw new WrongInput(this.at(name), 'must be a list');
    return value;
  }

  at(name: string): string {
    return `${this.path}.${name}`;
  }

  private find(name: string): unknown {
    for (const candidate of [name, ...(synonyms[name] ?? [])]) if (this.byName.has(plain(candidate))) return this.byName.get(plain(candidate)) ?? undefined;
    return undefined;
  }

  private missing(name: string): never {
    throw new WrongInput(this.at(name), 'is missing');
  }
}

export function numbersOf(value: unknown, path: string): number[] {
  if (!Array.isArray(value)) throw new WrongInput(path, 'must be a list of numbers');
  const wrong = value.findIndex((number) => typeof number !== 'number' || !Number.isFinite(number));
  if (wrong >= 0) throw new WrongInput(`${path}[${wrong}]`, `must be a finite number, not ${JSON.stringify(value[wrong])}`);
  return value as number[];
}

/** An arm in any of the forms that determine mean and variance. */
export function sampleFrom(arm: Fields): Sample {
  if (arm.has('values')) return sampleOfValues(arm.numbers('values'));
  if (arm.has('mean')) {
    const variance = arm.has('variance') ? arm.number('variance') : arm.count('standardDeviation') ** 2;
    return { n: arm.count('n'), mean: arm.number('mean'), variance };
  }
  if (arm.has('successes') && !arm.has('sumSquares')) return sampleOfProportion(proportionFrom(arm));
  return sampleOf({ n: arm.count('n'), sum: arm.number('sum'), sumSquares: arm.count('sumSquares') });
}

export function proportionFrom(arm: Fields): Proportion {
  return { n: arm.count('n'), successes: arm.count('successes') };
}

export function pairFrom(arm: Fields): PairSums {
  return { n: arm.count('n'), sumY: arm.number('sumY'), sumX: arm.number('sumX'), sumYY: arm.count('sumYY'), sumXX: arm.count('sumXX'), sumXY: arm.number('sumXY') };
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[_\s-]/g, '');
}
