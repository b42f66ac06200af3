import type { ExperimentDetail } from '@sp/contracts';
import { Card } from '../parts/card';
import { armName } from '../words/decisions';
import { formatMoney } from '../words/money';
import { LiftChart } from './lift-chart';

export type LiftAxis = 'start' | 'exposure';

export interface LiftCardProps {
  readonly detail: ExperimentDetail;
  readonly arm: string | undefined;
  readonly axis: LiftAxis;
  readonly arms: readonly string[];
  readonly onArm: (arm: string) => void;
  readonly onAxis: (axis: LiftAxis) => void;
}

/** How the difference came to be: day by day since the start, or since each client's first offer. */
export function LiftCard({ detail, arm, axis, arms, onArm, onAxis }: LiftCardProps) {
  const series = detail.series.find((candidate) => candidate.arm === arm);
  const points = (axis === 'start' ? series?.sinceStart : series?.sinceExposure) ?? [];
  const note = axis === 'start' ? 'Everybody assigned, by days since the experiment began.' : 'Only who had an offer, or in a holdout would have had one, by days since that.';
  return (
    <Card title="Spend a client, above the control’s" note={`${note} The band holds at every look. ${groupInWords(detail, arm)}`}>
      <div className="flex flex-wrap gap-x-6 gap-y-2 px-5 pb-2">
        <Choice label="Arm" options={arms.map((name) => [name, armName(name)] as const)} chosen={arm} onChoose={onArm} />
        <Choice label="Axis" options={[['start', 'Days since the start'], ['exposure', 'Days since the first offer']] as const} chosen={axis} onChoose={onAxis} />
      </div>
      {points.length === 0 ? <p className="px-5 pb-5 text-quiet">No day is over yet.</p> : <LiftChart points={points} format={(minor) => formatMoney(minor, detail.experiment.currency)} />}
    </Card>
  );
}

function groupInWords({ series, health }: ExperimentDetail, arm: string | undefined): string {
  const verdict = series.find((candidate) => candidate.arm === arm)?.groupSequential;
  if (!verdict || verdict.z === undefined) return '';
  if (verdict.direction !== 'none') return `The group-sequential test over ${health.horizonDays} days called it ${verdict.direction} on day ${verdict.crossedOnDay}.`;
  return `The group-sequential test over ${health.horizonDays} days has called nothing: z ${verdict.z.toFixed(2)}${verdict.bound === undefined ? '' : `, bound ${verdict.bound.toFixed(2)}`}.`;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly (readonly [T, string])[];
  readonly chosen: T | undefined;
  readonly onChoose: (value: T) => void;
}

function Choice<T extends string>({ label, options, chosen, onChoose }: ChoiceProps<T>) {
  return (
    <div role="group" aria-label={label} className="flex flex-wrap gap-1 text-sm">
      {options.map(([value, words]) => (
        <button key={value} type="button" aria-pressed={value === chosen} className={`nav-link ${value === chosen ? 'bg-faint text-ink' : ''}`} onClick={() => onChoose(value)}>
          {words}
        </button>
      ))}
    </div>
  );
}
