import { useEffect, useState } from 'react';

/** This browser's clock, once a second: only for ages, never for the time axis of data. */
export function useWallClock(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
