import { doublyRobustValue, inversePropensityValue, selfNormalisedValue, type OffPolicyValue } from '../off-policy';
import type { LoggedMoment } from './logged-moment';
import type { Policy } from './policies';

/** A single decision counts at most this many times over; what is cut is shown. */
export const maximumWeight = 50;

/** What a policy would have earned a moment, in minor units; no offer earns nothing. */
export interface PolicyEstimate {
  readonly policy: string;
  readonly moments: number;
  /** Of the moments, at which it would have made an offer. */
  readonly offeredShare: number;
  readonly ips: OffPolicyValue;
  readonly snips: OffPolicyValue;
  readonly dr: OffPolicyValue;
}

/**
 * From the moments at which some offer was made, by the logged propensities. The self-normalised value divides by the weights it has, over the
 * share of offers that the policy is known to make. The doubly robust one takes the decision's own expected value for its model of the reward, which
 * cannot have seen the outcome. Undefined where no record holds what the policy asks.
 */
export function judgePolicy(moments: readonly LoggedMoment[], policy: Policy): PolicyEstimate | undefined {
  const judged = moments.flatMap((moment) => {
    const propensities = policy.propensities(moment.eligible);
    return propensities ? [{ moment, propensities }] : [];
  });
  if (judged.length < 2) return undefined;
  const rewards = Float64Array.from(judged, ({ moment }) => moment.rewardMinor);
  const weights = Float64Array.from(judged, ({ moment, propensities }) => propensities[moment.chosen]! / moment.propensity);
  const expected = {
    logged: Float64Array.from(judged, ({ moment }) => moment.eligible[moment.chosen]!.valueMinor),
    target: Float64Array.from(judged, ({ moment, propensities }) => moment.eligible.reduce((sum, { valueMinor }, place) => sum + valueMinor * propensities[place]!, 0)),
  };
  const offeredShare = judged.reduce((sum, { propensities }) => sum + propensities.reduce((all, propensity) => all + propensity, 0), 0) / judged.length;
  const log = { rewards, weights };
  return {
    policy: policy.name, moments: judged.length, offeredShare,
    ips: inversePropensityValue(log, { maximumWeight }), snips: scaled(selfNormalisedValue(log, { maximumWeight }), offeredShare), dr: doublyRobustValue(log, expected, { maximumWeight }),
  };
}

function scaled({ value, low, high, standardError, ...rest }: OffPolicyValue, share: number): OffPolicyValue {
  return { ...rest, value: value * share, low: low * share, high: high * share, standardError: standardError * share };
}
