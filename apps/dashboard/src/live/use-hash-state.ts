import { useSyncExternalStore } from 'react';

/** Behind the page's path in the hash, `#/experiments?id=always-on`: so a link leads where its sender was. */
export function useHashState(): readonly [URLSearchParams, (change: Readonly<Record<string, string | undefined>>) => void] {
  const query = useSyncExternalStore(onHashChange, () => window.location.hash.split('?')[1] ?? '');
  return [new URLSearchParams(query), changeHash];
}

export function currentPath(): string {
  return window.location.hash.slice(1).split('?')[0] || '/';
}

export function onHashChange(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function changeHash(change: Readonly<Record<string, string | undefined>>): void {
  const state = new URLSearchParams(window.location.hash.split('?')[1] ?? '');
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) state.delete(name);
    else state.set(name, value);
  }
  const query = state.toString();
  window.location.hash = query === '' ? currentPath() : `${currentPath()}?${query}`;
}
