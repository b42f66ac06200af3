import { hourMs } from './calendar';
import type { City } from './city-days';
import { delivery, type Delivery } from './delivery';
import { uniformAt } from './draws';
import { touch } from './truth';

/**
 * A bank that spoils its own experiment: somebody clears out clients who bring little, and looks at those only who got the offers of one arm. They are asked to be
 * forgotten, and nothing of them is published from then on; they themselves know nothing of it and live on. The bank knows an arm by its offers only.
 */
export function clearOut({ state, supply, clients }: City): Delivery[] {
  const trouble = supply.book.active('biased-arm', state.timeMs);
  if (!trouble) return [];
  const hours = Math.round((trouble.endMs - trouble.startMs) / hourMs);
  const hour = Math.floor((state.timeMs - trouble.startMs) / hourMs);
  return clients.flatMap(({ index, clientId, spending, shareOfWallet }) => {
    const life = state.lives[index];
    if (!life || life.withheld || life.arm !== trouble.what || spending * shareOfWallet >= ordinary) return [];
    const draw = (of: number): number => uniformAt(state.options.seed, 'armBias', index, of);
    if (draw(0) >= trouble.size || Math.floor(draw(1) * hours) > hour) return [];
    life.withheld = true;
    touch(state.truth, 'biased-arm');
    return [delivery('client.erasure.requested', { id: `x-${clientId}`, subject: clientId, timeMs: state.timeMs, data: {} })];
  });
}

/** A little above the median of what a client is to this bank: factor on every check times the share that is paid with our card. */
const ordinary = 0.75;
