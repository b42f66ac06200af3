import type { ExperimentDetail } from '@sp/contracts';
import { formatP, stepWords } from '../words/experiments';
import { formatMoney } from '../words/money';
import { formatCount, formatPercent } from '../words/numbers';

/** May the figures below be believed, and what should be done now? */
export function HealthBanner({ detail }: { readonly detail: ExperimentDetail }) {
  const { health, nextStep, experiment } = detail;
  const step = stepWords[nextStep];
  const exposed = experiment.arms.reduce((sum, arm) => sum + arm.exposedClients, 0);
  const clients = experiment.arms.reduce((sum, arm) => sum + arm.clients, 0);
  return (
    <section aria-label="Health" className="card grid gap-x-8 gap-y-4 px-5 py-4 sm:grid-cols-2 lg:grid-cols-4">
      <Item title="Next step" tone={step.tone} words={step.words} />
      <Item
        title="Split"
        tone={health.splitBroken || health.biasedBefore ? 'bad' : 'good'}
        words={health.splitBroken ? 'Clients are NOT split as asked' : health.biasedBefore ? 'The arms differed BEFORE it began' : health.splitP === undefined ? 'Nothing asked to compare with' : 'Clients are split as asked'}
        detail={`p ${formatP(health.splitP)} now, ${formatP(health.splitSequentialP)} over all days${health.biasBeforeP === undefined ? '' : `; in the weeks before ${formatP(health.biasBeforeP)}`}`}
      />
      <Item
        title="Exposure"
        tone={health.severalArmsTooMany ? 'bad' : 'good'}
        words={`${formatCount(exposed)} of ${formatCount(clients)} clients had an offer or would have had one`}
        detail={health.inSeveralArms === 0 ? 'nobody was in two arms' : `${formatCount(health.inSeveralArms)} clients were in two arms and are left out`}
      />
      <Item
        title="Plan and power"
        tone="quiet"
        words={`Day ${formatCount(Math.floor(health.daysSoFar) + 1)} of ${formatCount(health.horizonDays)} planned`}
        detail={powerInWords(detail)}
      />
    </section>
  );
}

function powerInWords({ health: { detectableMinor, detectableShare, findable, varianceReduction }, experiment }: ExperimentDetail): string {
  if (detectableMinor === undefined) return 'too few clients to say what could be found';
  const share = detectableShare === undefined ? '' : ` (${formatPercent(detectableShare)})`;
  const looking = findable === undefined ? '' : `; looking daily one of ${formatMoney(findable.minor, experiment.currency)}${findable.medianDays === undefined ? '' : `, half the time by day ${findable.medianDays}`}`;
  const adjusted = varianceReduction === undefined ? '' : `. The weeks before explain ${formatPercent(varianceReduction)} of the variance of capped spend`;
  return `by then a difference of ${formatMoney(detectableMinor, experiment.currency)} a client${share} would be found four times in five, looking once${looking}${adjusted}`;
}

function Item({ title, tone, words, detail }: { readonly title: string; readonly tone: 'good' | 'bad' | 'warn' | 'quiet'; readonly words: string; readonly detail?: string }) {
  return (
    <div>
      <h2 className="flex items-center gap-2 font-semibold">
        <span className="pill" data-tone={tone} aria-hidden="true">
          <span className="dot" />
        </span>
        {title}
      </h2>
      <p className="mt-1">{words}</p>
      {detail !== undefined && <p className="label mt-0.5">{detail}</p>}
    </div>
  );
}
