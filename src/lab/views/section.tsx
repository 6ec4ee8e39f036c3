/** A figure, and the prose beside it. */
import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly prose: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, prose, children }: SectionProps): ReactNode {
  return (
    <section className="lab-section" aria-label={title}>
      <div className="prose">
        <h3>{title}</h3>
        {prose}
      </div>
      <div className="lab-figure">{children}</div>
    </section>
  );
}
