/** The pages beside the studio: each a chunk of its own, fetched when it is opened. */
import type { ComponentType } from 'react';
import type { Route } from './route.ts';
import { lazyView } from './studio/views/lazy-view.ts';

const modules = import.meta.glob<Record<string, ComponentType>>([
  './studio/views/sweep/sweep-page.tsx',
  './studio/views/gallery/gallery-page.tsx',
  './lab/lab-page.tsx',
  './studio/views/engine/engine-page.tsx',
  './how/how-page.tsx',
]);

function page(path: string, name: string): ComponentType | undefined {
  const load = modules[path];
  return (
    load &&
    lazyView(async () => {
      const { [name]: Page } = await load();
      if (Page === undefined) throw new Error(`${path} exports no ${name}.`);
      return Page;
    })
  );
}

/** Missing = this build has no such page. */
export const lazyPages: Readonly<Record<Exclude<Route, 'studio'>, ComponentType | undefined>> = {
  sweep: page('./studio/views/sweep/sweep-page.tsx', 'SweepPage'),
  gallery: page('./studio/views/gallery/gallery-page.tsx', 'GalleryPage'),
  lab: page('./lab/lab-page.tsx', 'LabPage'),
  engine: page('./studio/views/engine/engine-page.tsx', 'EnginePage'),
  how: page('./how/how-page.tsx', 'HowPage'),
};
