/** Stands where the engine's button will be, so that the rail doesn't move. */
import { Cpu } from 'lucide-react';
import type { ReactNode } from 'react';

export function EnginePlace(): ReactNode {
  return (
    <span className="rail-button engine-button" aria-hidden="true">
      <Cpu className="glyph large" />
      <span className="rail-label">Engine</span>
    </span>
  );
}
