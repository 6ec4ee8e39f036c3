/** The ways between the app's pages: in the rail, on phones a bar of tabs at the bottom. */
import { Columns2, Grid3x3, Images, Info, type LucideIcon, Spline } from 'lucide-react';
import type { ReactNode } from 'react';
import { hrefOf, type Route, useRoute } from '../../../route.ts';

const destinations: readonly { route: Route; label: string; icon: LucideIcon }[] = [
  { route: 'studio', label: 'Studio', icon: Columns2 },
  { route: 'sweep', label: 'Sweep', icon: Grid3x3 },
  { route: 'gallery', label: 'Gallery', icon: Images },
  { route: 'lab', label: 'Lab', icon: Spline },
  { route: 'how', label: 'Guide', icon: Info },
];

export function Navigation(): ReactNode {
  const here = useRoute();
  return (
    <nav className="navigation" aria-label="Pages">
      {destinations.map(({ route, label, icon: Icon }) => (
        <a
          key={route}
          className="rail-button"
          href={hrefOf(route)}
          aria-current={route === here ? 'page' : undefined}
        >
          <Icon className="glyph large" aria-hidden="true" />
          {label}
        </a>
      ))}
    </nav>
  );
}
