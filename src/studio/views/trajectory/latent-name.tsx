import type { ReactNode } from 'react';

/** A latent at a time, as the paper writes it. */
export function LatentName({ at }: { at: string }): ReactNode {
  return (
    <i className="math">
      z<sub>{at}</sub>
    </i>
  );
}
