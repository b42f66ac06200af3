import { useId, type ReactNode } from 'react';

export interface CardProps {
  readonly title: string;
  /** One quiet line that says how to read it. */
  readonly note?: ReactNode;
  readonly aside?: ReactNode;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A titled region of the page. */
export function Card({ title, note, aside, className = '', children }: CardProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`card ${className}`}>
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2 px-5 pt-4 pb-3">
        <div className="min-w-56 flex-1">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {note !== undefined && <p className="label mt-0.5">{note}</p>}
        </div>
        {aside}
      </div>
      {children}
    </section>
  );
}
