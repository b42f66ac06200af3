import type { FeatureReport } from '@sp/contracts';
import { useAnswer } from '../live/use-answer';
import { useHashState } from '../live/use-hash-state';
import { Card } from '../parts/card';
import { formatCount, formatPercent } from '../words/numbers';
import { FeatureTable } from './feature-table';
import { orders, type Order } from './feature-order';
import { RedundantCard } from './redundant-card';

const everyMs = 60_000;

/** What is in the features that decisions used: to be read before training, and again when the data have changed. */
export function FeaturesPage() {
  const { data, problem } = useAnswer<FeatureReport>('v1/features/report', everyMs);
  const [state, change] = useHashState();
  const order = orders.find(({ key }) => key === state.get('by')) ?? orders[0];
  const wanted = state.get('name') ?? '';
  const flagged = data?.features.filter(({ flags }) => flags.length > 0).length ?? 0;
  const shown = data?.features.filter(({ name, group, flags }) => `${name} ${group}`.toLowerCase().includes(wanted.toLowerCase()) && (state.get('flagged') === null || flags.length > 0));
  return (
    <div className="grid gap-5 grid-cols-[minmax(0,1fr)]">
      <h1 className="sr-only">Features</h1>
      <Card title="What is in the features" note={data && <Head report={data} flagged={flagged} />} aside={<Controls order={order} wanted={wanted} isFlagged={state.get('flagged') !== null} onChange={change} />}>
        {shown && data && data.rows > 0 && <FeatureTable features={[...shown].sort(order.compare)} />}
        <p className="px-5 py-4 text-quiet empty:hidden">{problem ?? (data?.rows === 0 ? 'No decision is stored yet.' : data === undefined ? 'Counting…' : shown?.length === 0 ? 'No feature of that name.' : '')}</p>
      </Card>
      {data && data.rows > 0 && <RedundantCard pairs={data.redundant} />}
    </div>
  );
}

function Head({ report, flagged }: { readonly report: FeatureReport; readonly flagged: number }) {
  const { provenance, rows, of, features, redeemedShare } = report;
  return (
    <>
      {provenance} {formatCount(rows)} {of}. {features.length} features, {flagged} with a flag.{redeemedShare === null ? '' : ` Redeemed: ${formatPercent(redeemedShare)}.`} AUC says how well the value alone ranks redeemed offers above others: 0.5 is not at all. A
      correlation is not a cause.
    </>
  );
}

interface ControlsProps {
  readonly order: Order;
  readonly wanted: string;
  readonly isFlagged: boolean;
  readonly onChange: (change: Readonly<Record<string, string | undefined>>) => void;
}

function Controls({ order, wanted, isFlagged, onChange }: ControlsProps) {
  return (
    <div className="flex flex-wrap items-center gap-3">
      <input className="field w-40" type="search" aria-label="Find a feature" placeholder="Find a feature" value={wanted} onChange={({ target }) => onChange({ name: target.value || undefined })} />
      <select className="field" aria-label="Order" value={order.key} onChange={({ target }) => onChange({ by: target.value })}>
        {orders.map(({ key, title }) => (
          <option key={key} value={key}>
            {title}
          </option>
        ))}
      </select>
      <label className="flex items-center gap-2">
        <input type="checkbox" checked={isFlagged} onChange={() => onChange({ flagged: isFlagged ? undefined : 'only' })} />
        Flagged only
      </label>
    </div>
  );
}
