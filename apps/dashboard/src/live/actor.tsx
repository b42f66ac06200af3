import { useState } from 'react';

const kept = 'actor';

/** Who works at this browser: every change bears the name. Kept here alone; the monitor knows no log-in. */
export function useActor(): readonly [string, (by: string) => void] {
  const [by, setBy] = useState(() => window.localStorage.getItem(kept) ?? '');
  const change = (name: string): void => {
    window.localStorage.setItem(kept, name.trim());
    setBy(name);
  };
  return [by.trim(), change];
}

export function ActorField({ by, onChange }: { readonly by: string; readonly onChange: (by: string) => void }) {
  return (
    <label className="grid gap-1">
      <span className="label">Your name</span>
      <input name="by" defaultValue={by} maxLength={128} autoComplete="username" className="field w-44" onChange={(event) => onChange(event.currentTarget.value)} />
    </label>
  );
}
