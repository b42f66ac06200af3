import { oncePerReading, type Feature, type FeatureGroup } from '../feature-group';
import { localTime, type LocalTime } from '../local-time';
import type { ClientFacts } from './client-facts';

/** The moment itself on the client's own clock, as points on a circle: 23 h is near 0 h. It keeps nothing of its own. */
export const calendar: Omit<FeatureGroup<ClientFacts>, 'empty' | 'codec'> = {
  features: [
    onCircle('hourSine', Math.sin, ({ hour }) => hour / 24),
    onCircle('hourCosine', Math.cos, ({ hour }) => hour / 24),
    onCircle('weekdaySine', Math.sin, ({ weekday }) => weekday / 7),
    onCircle('weekdayCosine', Math.cos, ({ weekday }) => weekday / 7),
  ],
};

function onCircle(name: string, project: (angle: number) => number, turn: (time: LocalTime) => number): Feature<ClientFacts> {
  return { name, type: 'real', value: (facts, reading) => project(2 * Math.PI * turn(clock(facts, reading))) };
}

const clock = oncePerReading(({ timeZone }: ClientFacts, { timeMs }) => localTime(timeMs, timeZone));
