/** The letter of a side in its hue; decoration, the words beside it say the same. */
import type { ReactNode } from 'react';
import type { SideName } from '../../state/side.ts';

export function SideBadge({ side }: { side: SideName }): ReactNode {
  return (
    <span className="side-badge" data-side={side} aria-hidden="true">
      {side.toUpperCase()}
    </span>
  );
}
