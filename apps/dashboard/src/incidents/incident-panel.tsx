import type { IncidentDetail, ReactionAction } from '@sp/contracts';
import { useState, type FormEvent } from 'react';
import { postJson } from '../live/post-json';
import { useAnswer } from '../live/use-answer';
import { Sheet } from '../parts/sheet';
import { incidentStateWords, momentWords, signalInWords, strangenessInWords } from '../words/incidents';
import { formatInstant } from '../words/time';
import { MomentChart } from './moment-chart';

const reactions: Readonly<Record<ReactionAction, string>> = {
  'pause-campaign': 'Pause a campaign', 'pause-merchant': 'Pause a merchant’s offers', 'activate-model': 'Let another model version score', 'roll-back-model': 'Go back to the model before', 'freeze-model': 'Let no other model take over',
  'fall-back-to-rules': 'Let the rules decide in the model’s place', 'raise-holdout': 'Hold out a larger share (a new epoch)', 'open-review': 'Open a review of a merchant',
};
const needTarget: ReadonlySet<string> = new Set(['pause-campaign', 'pause-merchant', 'activate-model', 'raise-holdout', 'open-review']);

/** One incident whole: its signals with their charts, what happened when, and what can be done. */
export function IncidentPanel({ incidentId, onClose }: { readonly incidentId: string; readonly onClose: () => void }) {
  const [round, setRound] = useState(0);
  return (
    <Sheet title="An incident" onClose={onClose}>
      <Whole key={round} incidentId={incidentId} onDone={() => setRound(round + 1)} />
    </Sheet>
  );
}

function Whole({ incidentId, onDone }: { readonly incidentId: string; readonly onDone: () => void }) {
  const { data, problem } = useAnswer<IncidentDetail>(`v1/incidents/${encodeURIComponent(incidentId)}`, 3000);
  if (problem !== undefined) return <p className="mt-4 text-warn">{problem}</p>;
  if (!data) return <p className="mt-4 min-h-dvh text-quiet">Reading the incident.</p>;
  return (
    <>
      <p className="mt-1">
        {incidentStateWords[data.state]}{data.firing ? ', fires' : ''}{data.isSilenced ? ', silenced' : ''} · since {formatInstant(data.openedAtMs)} · {data.flaps === 1 ? 'once' : `${data.flaps} times`}
      </p>
      {data.signals.map((signal) => (
        <section key={signal.signal} className="mt-4">
          <h3 className="font-semibold">{signalInWords(signal.signal)}</h3>
          <p className="label">{strangenessInWords(signal)}</p>
          <MomentChart name={signalInWords(signal.signal)} points={data.charts.find((chart) => chart.signal === signal.signal)?.points ?? []} />
        </section>
      ))}
      <h3 className="mt-6 font-semibold">What happened</h3>
      <ol className="mt-2 grid gap-1 text-sm">
        {data.timeline.map((moment, place) => (
          <li key={place} className="grid grid-cols-[9rem_1fr]">
            <span className="text-quiet tabular-nums">{formatInstant(moment.atMs)}</span>
            <span>{momentWords[moment.kind]}{moment.by === 'system' ? '' : ` by ${moment.by}`}{moment.note === '' ? '' : `: ${moment.note}`}</span>
          </li>
        ))}
      </ol>
      <Actions incident={data} onDone={onDone} />
    </>
  );
}

/** Every act says who did it; reactions are facts of the line and can be undone. */
function Actions({ incident, onDone }: { readonly incident: IncidentDetail; readonly onDone: () => void }) {
  const [problem, setProblem] = useState('');
  const path = `v1/incidents/${encodeURIComponent(incident.incidentId)}`;
  const act = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget, (event.nativeEvent as SubmitEvent).submitter);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const [what = '', reactionId = '', ...named] = text('act').split(' ');
    const by = text('by');
    if (what === 'react' && text('target') === '' && needTarget.has(text('action'))) return setProblem('Say which campaign, merchant, version or share.');
    const answer =
      what === 'do' ? await postJson(`${path}/reactions`, { by, action: reactionId, target: named.join(' ') })
      : what === 'react' ? await postJson(`${path}/reactions`, { by, action: text('action'), target: text('target') })
      : what === 'undo' ? await postJson(`${path}/reactions/${encodeURIComponent(reactionId)}/undo`, { by })
      : await postJson(`${path}/${what}`, { by, note: text('note'), ...(what === 'resolve' && { whileFiring: form.get('whileFiring') === 'on' }) });
    setProblem(answer.problem ?? '');
    if (answer.problem === undefined) onDone();
  };
  return (
    <form className="mt-6 grid gap-3" onSubmit={(event) => void act(event)}>
      <label className="grid gap-1">
        <span className="label">Your name</span>
        <input name="by" required maxLength={128} autoComplete="username" className="field" />
      </label>
      {incident.state !== 'resolved' && (
        <>
          <label className="grid gap-1">
            <span className="label">A note for the others</span>
            <input name="note" maxLength={1000} className="field" />
          </label>
          {incident.firing && (
            <label className="flex gap-2 text-sm">
              <input type="checkbox" name="whileFiring" /> It still fires; resolve it all the same
            </label>
          )}
          <div className="flex gap-2">
            {(['acknowledge', 'mitigate', 'resolve'] as const).map((name) => (
              <button key={name} type="submit" name="act" value={name} className="button capitalize">{name}</button>
            ))}
          </div>
        </>
      )}
      <fieldset className="grid gap-2">
        <legend className="label">Reactions</legend>
        {incident.reactions.map(({ reactionId, action, target, by, undone }) => (
          <p key={reactionId} className="text-sm">
            {reactions[action]}: {target}, {undone ? `undone by ${by}` : `by ${by}`}{' '}
            {!undone && <button type="submit" name="act" value={`undo ${reactionId}`} className="underline">Undo</button>}
          </p>
        ))}
        {incident.proposals.map(({ action, target }) => (
          <p key={`${action} ${target}`} className="text-sm">
            Proposed: {reactions[action]}{target === '' ? '' : `: ${target}`}{' '}
            <button type="submit" name="act" value={`do ${action} ${target}`} className="underline">Do it</button>
          </p>
        ))}
        <div className="flex flex-wrap gap-2">
          <select name="action" aria-label="Reaction" className="field">
            {Object.entries(reactions).map(([action, words]) => <option key={action} value={action}>{words}</option>)}
          </select>
          <input name="target" aria-label="Campaign, merchant, version or share" maxLength={128} className="field" />
          <button type="submit" name="act" value="react" className="button">React</button>
        </div>
      </fieldset>
      <p role="status" className="min-h-5 text-warn">{problem}</p>
    </form>
  );
}
