import { useEffect, useSyncExternalStore } from 'react';
import { Header } from './header';
import { live } from './live/live-store';
import { currentPath, onHashChange } from './live/use-hash-state';
import { pages } from './pages';

export function App() {
  const path = useSyncExternalStore(onHashChange, currentPath);
  const page = pages.find((candidate) => candidate.path === path) ?? pages[0];
  useEffect(() => live.connect(), []);
  useEffect(() => {
    document.title = `${page.title} · Smart Purchases`;
  }, [page]);
  return (
    <>
      <a href="#content" className="skip-link" onClick={focusContent}>
        Skip to the content
      </a>
      <Header current={page} />
      <main id="content" tabIndex={-1} className="mx-auto max-w-[84rem] px-4 pt-5 sm:px-6 sm:pt-6 pb-16 outline-none">
        <page.Content />
      </main>
    </>
  );
}

/** The hash is the router's, so the link moves the focus itself. */
function focusContent(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
