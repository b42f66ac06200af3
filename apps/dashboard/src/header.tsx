import { useLive } from './live/live-store';
import { useWallClock } from './live/use-wall-clock';
import { pages, type Page } from './pages';
import { formatAge, formatInstant } from './words/time';

/** Where one is, whether the line to the server lives, how old the figures are, and what time it is in the data. */
export function Header({ current }: { readonly current: Page }) {
  return (
    <header className="sticky top-0 z-10 border-b border-line bg-page/90 backdrop-blur-sm">
      <div className="mx-auto max-w-[84rem] px-4 sm:px-6">
        <div className="flex h-12 items-center gap-4">
          <span className="flex items-center gap-2.5 font-semibold tracking-tight whitespace-nowrap">
            <Mark />
            <span className="hidden sm:inline">Smart Purchases</span>
          </span>
          <LiveState />
        </div>
        <nav aria-label="Pages" className="-mx-3 flex gap-1 overflow-x-auto pb-1.5 text-sm whitespace-nowrap">
          {pages.map((page) => (
            <a key={page.path} href={`#${page.path}`} aria-current={page === current ? 'page' : undefined} className="nav-link">
              {page.title}
            </a>
          ))}
        </nav>
      </div>
    </header>
  );
}

function LiveState() {
  const { connection, overview, heardAtMs } = useLive();
  const nowMs = useWallClock();
  const state = describe(connection, overview?.freshness.state);
  const figuresAtMs = overview?.freshness.asOfMs;
  const behindMs = overview && figuresAtMs !== undefined ? overview.atMs - figuresAtMs + Math.max(0, nowMs - (heardAtMs ?? nowMs)) : undefined;
  return (
    <div className="ml-auto flex items-center gap-3 text-sm sm:gap-5">
      {overview?.provenance === undefined ? null : (
        <span className="pill" data-tone="warn">
          {overview.provenance}
        </span>
      )}
      <span className="hidden whitespace-nowrap text-quiet md:block" title="The newest event's own time. In a simulation or a replay it is not the time of day.">
        {overview?.newestEventMs === undefined ? '' : `Data to ${formatInstant(overview.newestEventMs)}`}
      </span>
      <span className="hidden min-w-28 whitespace-nowrap text-right text-quiet tabular-nums sm:block">{behindMs === undefined ? '' : `figures ${formatAge(behindMs)} old`}</span>
      <span role="status" className="pill" data-tone={state.tone}>
        <span aria-hidden="true" className="dot" />
        {state.words}
      </span>
    </div>
  );
}

function describe(connection: string, freshness: string | undefined): { tone: 'good' | 'warn' | 'quiet'; words: string } {
  if (connection === 'connecting') return { tone: 'quiet', words: 'Connecting' };
  if (connection === 'lost') return { tone: 'warn', words: 'Connection lost, trying again' };
  if (freshness === 'delayed') return { tone: 'warn', words: 'Figures delayed' };
  return freshness === 'absent' ? { tone: 'warn', words: 'No figures yet' } : { tone: 'good', words: 'Live' };
}

function Mark() {
  return (
    <svg viewBox="0 0 16 16" className="size-5" aria-hidden="true">
      <rect width="16" height="16" rx="4" className="fill-accent" />
      <path d="M3.5 10.5l3-3 2.2 2.2 3.8-4.4" fill="none" className="stroke-page" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
