import type { MerchantFigures } from '@sp/contracts';
import { useState } from 'react';
import { useAnswer } from '../live/use-answer';
import { Card } from '../parts/card';
import { ShareBars } from '../parts/share-bars';
import { Sheet } from '../parts/sheet';
import { formatCount, formatPercent } from '../words/numbers';

const everyMs = 5000;
const days = [7, 14, 28] as const;
/** Many merchants are compared at once, so one in a hundred is no news yet. */
const remarkable = 0.001;

/** From offer to payment by merchant: where do offers end, and is it so with the others and was it so before? */
export function MerchantsPage() {
  const [span, setSpan] = useState<number>(14);
  const [merchantId, setMerchantId] = useState<string>();
  const { data, problem } = useAnswer<readonly MerchantFigures[]>(`v1/merchants?days=${span}`, everyMs);
  const chosen = data?.find((one) => one.merchantId === merchantId);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)]">
      <h1 className="sr-only">Merchants</h1>
      <Card title="From offer to payment" note="Conversion is the share of the delivered offers that were redeemed; young offers may still be. Peers are the other merchants of the same MCC" aside={<Span span={span} onChange={setSpan} />}>
        <div className="min-h-80 overflow-x-auto">
          <table className="table min-w-[60rem]">
            <thead>
              <tr>
                <th scope="col">Merchant</th>
                <th scope="col">MCC</th>
                {['Offers', 'Seen', 'Accepted', 'Redeemed', 'Confirmed', 'Refused', 'Conversion', 'Peers', 'Before'].map((name) => <th key={name} scope="col" className="text-right">{name}</th>)}
                <th scope="col">Remarkable</th>
              </tr>
            </thead>
            <tbody>{data?.map((one) => <Row key={one.merchantId} figures={one} onOpen={() => setMerchantId(one.merchantId)} />)}</tbody>
          </table>
          <p className="px-5 py-4 text-quiet">{problem ?? (data?.length === 0 ? 'No offers in these days.' : '')}</p>
        </div>
      </Card>
      {chosen && (
        <Sheet title={`Merchant ${chosen.merchantId}`} onClose={() => setMerchantId(undefined)}>
          <Funnel figures={chosen} />
        </Sheet>
      )}
    </div>
  );
}

function Span({ span, onChange }: { readonly span: number; readonly onChange: (days: number) => void }) {
  return (
    <select aria-label="Days" className="field" value={span} onChange={(event) => onChange(Number(event.target.value))}>
      {days.map((count) => <option key={count} value={count}>{count} days</option>)}
    </select>
  );
}

function Row({ figures, onOpen }: { readonly figures: MerchantFigures; readonly onOpen: () => void }) {
  const { merchantId, mcc, offers, viewed, accepted, redeemed, confirmed, refused, peers, past } = figures;
  return (
    <tr className="cursor-pointer hover:bg-faint" onClick={onOpen}>
      <th scope="row" className="text-left font-normal">
        <button type="button" className="underline decoration-line underline-offset-3 hover:decoration-current">{merchantId}</button>
      </th>
      <td className="tabular-nums text-quiet">{mcc === 0 ? '–' : mcc}</td>
      {[offers, viewed, accepted, redeemed, confirmed, refused].map((count, column) => <td key={column} className="text-right tabular-nums">{formatCount(count)}</td>)}
      {[conversion(figures), conversion(peers), conversion(past)].map((text, column) => <td key={column} className="text-right tabular-nums">{text}</td>)}
      <td>{remarks(figures).map((remark) => <span key={remark} className="pill mr-1" data-tone="warn">{remark}</span>)}</td>
    </tr>
  );
}

function Funnel({ figures }: { readonly figures: MerchantFigures }) {
  const { offers, viewed, accepted, redeemed, confirmed, refused, peers, past } = figures;
  const steps = [['Offered', offers], ['Seen', viewed], ['Accepted', accepted], ['Redeemed', redeemed], ['Confirmed by the merchant', confirmed], ['Refused by the merchant', refused]] as const;
  return (
    <>
      <p className="mt-1">{remarks(figures).join('; ') || 'Nothing remarkable.'}</p>
      <p className="mt-4">
        Conversion {conversion(figures)}. {peers.merchants === 0 ? 'No peers of this MCC.' : `${peers.merchants} peers of the MCC: ${conversion(peers)} of ${formatCount(peers.offers)} offers.`} In as many days before: {conversion(past)} of {formatCount(past.offers)} offers.
      </p>
      <div className="mt-4"><ShareBars shares={steps.map(([label, count]) => ({ key: label, label, count, detail: offers > 0 ? formatPercent(count / offers) : '–' }))} /></div>
    </>
  );
}

function conversion({ offers, redeemed }: { readonly offers: number; readonly redeemed: number }): string {
  return offers === 0 ? '–' : formatPercent(redeemed / offers);
}

function remarks(figures: MerchantFigures): string[] {
  const { pPeers = 1, pPast = 1, peers, past } = figures;
  const word = (than: { offers: number; redeemed: number }): string => (figures.redeemed / figures.offers < than.redeemed / than.offers ? 'fewer' : 'more');
  return [...(pPeers < remarkable ? [`${word(peers)} than peers`] : []), ...(pPast < remarkable ? [`${word(past)} than before`] : [])];
}
