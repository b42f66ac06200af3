import type { FeatureReport } from '@sp/contracts';
import { Card } from '../parts/card';

/** Pairs of which one may go: it tells the model nothing that the other does not. */
export function RedundantCard({ pairs }: { readonly pairs: FeatureReport['redundant'] }) {
  return (
    <Card title="Features that say nearly the same" note="Correlation beyond 0.95 over the same rows; the first in the vector's order is the one that the other repeats">
      {pairs.length === 0 ? (
        <p className="px-5 pb-4 text-quiet">None.</p>
      ) : (
        <div className="overflow-x-auto">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Feature</th>
                <th scope="col">Repeats</th>
                <th scope="col" className="text-right">r</th>
              </tr>
            </thead>
            <tbody>
              {pairs.map(({ one, other, r }) => (
                <tr key={`${one} ${other}`}>
                  <th scope="row" className="font-normal">{other}</th>
                  <td>{one}</td>
                  <td className="text-right">{r.toFixed(3).replace('-', '\u2212')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}
