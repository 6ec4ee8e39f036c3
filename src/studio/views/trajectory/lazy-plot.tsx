/** The plot comes after the first paint, its library with it; its place is kept until then. */
import { type ReactNode, useEffect, useState } from 'react';
import type { TrajectoryPlotProps } from './trajectory-plot.tsx';

type Loaded = { readonly Plot: (props: TrajectoryPlotProps) => ReactNode };

export function LazyPlot(props: TrajectoryPlotProps): ReactNode {
  const [loaded, setLoaded] = useState<Loaded | 'failed' | null>(null);
  useEffect(() => {
    import('./trajectory-plot.tsx').then(
      ({ TrajectoryPlot }) => setLoaded({ Plot: TrajectoryPlot }),
      () => setLoaded('failed'),
    );
  }, []);
  if (loaded !== null && loaded !== 'failed') return <loaded.Plot {...props} />;
  return (
    <p className="plot-place quiet">
      {loaded === 'failed' && 'The plots could not be loaded. Reload the page to try again.'}
    </p>
  );
}
