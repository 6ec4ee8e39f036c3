/** The facts that the diagnostics show, read once the page is open. */
import { useEffect, useState } from 'react';
import { version } from '../../../../package.json';
import { type AdapterFacts, readAdapter } from '../../actions/read-adapter.ts';
import type { BrowserFacts } from '../../words/diagnostics.ts';

export function useBrowserFacts(): BrowserFacts {
  const [adapter, setAdapter] = useState<AdapterFacts | null>();
  useEffect(() => {
    let shown = true;
    void readAdapter().then((facts) => shown && setAdapter(facts));
    return () => {
      shown = false;
    };
  }, []);
  return {
    userAgent: navigator.userAgent,
    isolated: window.crossOriginIsolated,
    processors: navigator.hardwareConcurrency,
    adapter,
    appVersion: version,
    offline: document.documentElement.dataset.offline,
  };
}

interface MemoryMeasurement {
  readonly bytes: number;
}

/** Chromium's, on isolated pages. */
type Measuring = Performance & { measureUserAgentSpecificMemory?: () => Promise<MemoryMeasurement> };

/** Bytes of the page and its workers, the runtime's heap included; null where the browser doesn't measure. */
export async function measurePageMemory(): Promise<number | null> {
  const { measureUserAgentSpecificMemory: measure } = performance as Measuring;
  if (measure === undefined) return null;
  return (await measure.call(performance)).bytes;
}
