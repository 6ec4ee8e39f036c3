/** Hands the benchmark and the list of loaded parts to the engine's page. */
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Benchmark, BenchmarkState } from '../actions/benchmark.ts';
import type { LoadedParts } from '../actions/loaded-parts.ts';

interface Measuring {
  readonly benchmark: Benchmark;
  readonly loadedParts: StoreApi<LoadedParts>;
}

const MeasuringContext = createContext<Measuring | null>(null);

export function MeasuringProvider({
  measuring,
  children,
}: {
  measuring: Measuring;
  children: ReactNode;
}): ReactNode {
  return <MeasuringContext value={measuring}>{children}</MeasuringContext>;
}

function useMeasuring(): Measuring {
  const measuring = useContext(MeasuringContext);
  if (measuring === null) throw new Error('A view was used outside MeasuringProvider.');
  return measuring;
}

export const useBenchmark = (): Benchmark => useMeasuring().benchmark;

export const useBenchmarkState = (): BenchmarkState => useStore(useBenchmark());

export const useLoadedParts = (): LoadedParts => useStore(useMeasuring().loadedParts);
