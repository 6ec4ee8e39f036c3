/** The laboratory's page. */
import type { ReactNode } from 'react';
import { Rail } from '../studio/views/shell/rail.tsx';

export function LabPage(): ReactNode {
  return (
    <div className="app">
      <Rail />
    </div>
  );
}
