import { addDecayed, decayedSum, emptyDecayed, readDecayed, type Decayed } from '../decayed';
import type { Action, Feature, FeatureGroup } from '../feature-group';
import { fingerprint } from '../fingerprint';
import { fingerprintCodec, flag, integer, optional, real, record } from '../stored/codec';
import { hourMs, minuteMs } from '../time-units';

export interface AppSessions {
  /** Of the newest action. */
  lastMs: number | undefined;
  startMs: number;
  /** Fingerprint of the session's id, where the app names one. */
  id: number | undefined;
  actions: number;
  views: number;
  searches: number;
  fromMessage: boolean;
  readonly sessions: Decayed;
  readonly viewed: Decayed;
  readonly searched: Decayed;
  /** Running means over sessions that have ended. */
  ended: number;
  meanActions: number;
}

const halfLifeDays = 30;
/** The usual bound of web statistics. */
const sessionEndsMinutes = 30;
/** Weight of the newest session once there are enough: the last ten or so decide. Chosen, not fitted. */
const newestWeight = 0.1;

/** What the client does in the bank's app: sessions, what he looks at and searches for, how he came in. A late action counts, but opens no session. */
export const appSessions: FeatureGroup<AppSessions> = {
  empty: () => ({
    lastMs: undefined, startMs: 0, id: undefined, actions: 0, views: 0, searches: 0, fromMessage: false,
    sessions: emptyDecayed(), viewed: emptyDecayed(), searched: emptyDecayed(), ended: 0, meanActions: 0,
  }),
  codec: record<AppSessions>({
    lastMs: optional(integer), startMs: integer, id: optional(fingerprintCodec), actions: integer, views: integer, searches: integer, fromMessage: flag,
    sessions: decayedSum, viewed: decayedSum, searched: decayedSum, ended: integer, meanActions: real,
  }),
  acted(app, action) {
    const [isView, isSearch] = [action.name.endsWith('-viewed'), action.name === 'search'];
    if (isView) addDecayed(app.viewed, 1, action.timeMs, halfLifeDays);
    if (isSearch) addDecayed(app.searched, 1, action.timeMs, halfLifeDays);
    if (app.lastMs !== undefined && action.timeMs < app.lastMs) return;
    if (isNewSession(app, action)) begin(app, action);
    app.lastMs = action.timeMs;
    app.actions++;
    if (isView) app.views++;
    if (isSearch) app.searches++;
  },
  features: [
    { name: 'appActionAgeHours', type: 'real', missing: 'never in the app', value: ({ lastMs }, { timeMs }) => (timeMs - (lastMs ?? NaN)) / hourMs },
    fading('appSessionsDecayed', ({ sessions }) => sessions),
    fading('appViewsDecayed', ({ viewed }) => viewed),
    fading('appSearchesDecayed', ({ searched }) => searched),
    inSession('sessionActions', 'integer', ({ actions }) => actions),
    inSession('sessionViews', 'integer', ({ views }) => views),
    inSession('sessionSearches', 'integer', ({ searches }) => searches),
    inSession('sessionMinutes', 'real', ({ startMs }, timeMs) => (timeMs - startMs) / minuteMs),
    inSession('sessionFromMessage', 'flag', ({ fromMessage }) => (fromMessage ? 1 : 0)),
    { name: 'actionsASession', type: 'real', missing: 'no session has ended', value: ({ ended, meanActions }) => (ended === 0 ? NaN : meanActions) },
  ],
};

function isNewSession({ lastMs, id }: AppSessions, { timeMs, sessionId }: Action): boolean {
  if (lastMs === undefined || timeMs - lastMs > sessionEndsMinutes * minuteMs) return true;
  return sessionId !== undefined && id !== undefined && fingerprint(sessionId) !== id;
}

function begin(app: AppSessions, { timeMs, sessionId, entryPoint }: Action): void {
  if (app.actions > 0) {
    app.ended++;
    app.meanActions += Math.max(newestWeight, 1 / app.ended) * (app.actions - app.meanActions);
  }
  addDecayed(app.sessions, 1, timeMs, halfLifeDays);
  app.startMs = timeMs;
  app.id = sessionId === undefined ? undefined : fingerprint(sessionId);
  app.actions = app.views = app.searches = 0;
  app.fromMessage = entryPoint !== undefined && /push|message|mail|notification|sms/i.test(entryPoint);
}

function fading(name: string, pick: (app: AppSessions) => Decayed): Feature<AppSessions> {
  return { name, type: 'real', value: (app, { timeMs }) => readDecayed(pick(app), timeMs, halfLifeDays) };
}

/** 0 once the session is over. */
function inSession(name: string, type: Feature<AppSessions>['type'], value: (app: AppSessions, timeMs: number) => number): Feature<AppSessions> {
  const isOpen = ({ lastMs }: AppSessions, timeMs: number): boolean => lastMs !== undefined && timeMs - lastMs <= sessionEndsMinutes * minuteMs;
  return { name, type, value: (app, { timeMs }) => (isOpen(app, timeMs) ? value(app, timeMs) : 0) };
}
