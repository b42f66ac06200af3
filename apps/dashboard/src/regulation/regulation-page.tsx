import type { AutomaticChange, AutomaticChanges } from '@sp/contracts';
import { useState } from 'react';
import { postJson } from '../live/post-json';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { formatPercent } from '../words/numbers';
import { formatInstant } from '../words/time';

const everyMs = 3000;
const kindWords: Readonly<Record<AutomaticChange['kind'], string>> = { exploration: 'Exploration', training: 'Training begun', model: 'Model' };

/** What the line has changed by itself, why, and the way back. */
export function RegulationPage() {
  const { data, problem } = useAnswer<AutomaticChanges>('v1/automatic-changes', everyMs);
  const [by, setBy] = useState('');
  const [said, setSaid] = useState('');
  const ask = async (path: string, sentence: string): Promise<void> => {
    const { problem: refused } = await postJson(`v1/automatic-changes/${path}`, { by });
    setSaid(refused ?? sentence);
  };
  return (
    <div className="grid gap-5 grid-cols-[minmax(0,1fr)]">
      <h1 className="sr-only">Regulation</h1>
      <Card title="Exploration and training" note={data && boundsInWords(data)} aside={<NameField value={by} onChange={setBy} />}>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3 px-5 pb-4">
          <p>{stateInWords(data)}</p>
          {data?.policy?.isRegulated === false && <button type="button" className="button" disabled={by === ''} onClick={() => void ask('resume', 'Regulation is asked for again.')}>Let it be regulated again</button>}
        </div>
        <p role="status" className="px-5 pb-4 text-quiet empty:hidden">{said}</p>
      </Card>
      <Card title="Automatic changes" note="The newest first; times are the line’s own. A change is a fact in the control log, and so is its way back">
        <div className="relative overflow-x-auto">
          <table className="table min-w-[52rem]">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">What</th>
                <th scope="col">From</th>
                <th scope="col">To</th>
                <th scope="col">Why</th>
                <th scope="col"><span className="sr-only">Way back</span></th>
              </tr>
            </thead>
            <tbody>{data?.changes.map((change) => <ChangeRow key={change.changeId} change={change} mayAct={by !== ''} onUndo={() => void ask(`${change.changeId}/undo`, 'Taking it back is asked for.')} />)}</tbody>
          </table>
        </div>
        <p className="px-5 py-4 text-quiet">{problem ?? (data?.changes.length === 0 ? 'Nothing was changed by itself.' : '')}</p>
      </Card>
    </div>
  );
}

function ChangeRow({ change: { atMs, kind, before, after, reason, undoneBy }, mayAct, onUndo }: { readonly change: AutomaticChange; readonly mayAct: boolean; readonly onUndo: () => void }) {
  const said = (value: string): string => (kind === 'exploration' ? formatPercent(Number(value)) : value);
  return (
    <tr>
      <td className="whitespace-nowrap">{formatInstant(atMs)}</td>
      <th scope="row" className="font-normal">{kindWords[kind]}</th>
      <td>{before === '' ? '' : said(before)}</td>
      <td>{after === '' ? '' : said(after)}</td>
      <td>{reason}</td>
      <td className="text-right">
        {undoneBy !== '' && <span className="text-quiet">taken back by {undoneBy}</span>}
        {undoneBy === '' && before !== '' && <button type="button" className="button" disabled={!mayAct} onClick={onUndo}>Take back</button>}
      </td>
    </tr>
  );
}

function NameField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  return (
    <label className="flex items-center gap-2 text-sm text-quiet">
      Your name
      <input className="field w-40" value={value} onChange={(event) => onChange(event.target.value.trimStart())} />
    </label>
  );
}

function boundsInWords({ bounds: { lowestShare, usualShare, highestShare, retrainFrom } }: AutomaticChanges): string {
  return `Between ${formatPercent(lowestShare)} and ${formatPercent(highestShare)} of the model arm’s decisions are tried out, ${formatPercent(usualShare)} where predictions are as right as chance allows; from ${retrainFrom} times the distance of chance on a training is begun.`;
}

function stateInWords(data: AutomaticChanges | undefined): string {
  if (!data) return '';
  if (!data.policy) return 'The recommender does not answer, so the share of now is not known.';
  const { version, explorationShare, isRegulated } = data.policy;
  return `${formatPercent(explorationShare)} is tried out now (policy ${version}); ${isRegulated ? 'it is regulated.' : 'a person has set it, so it is not regulated.'}`;
}
