/** The pages beside the studio: each a chunk of its own, fetched when it is opened. */
import { type ComponentType, lazy } from 'react';
import type { Route } from './route.ts';

const modules = import.meta.glob<Record<string, ComponentType>>(['./lab/lab-page.tsx', './how/how-page.tsx']);

function page(path: string, name: string): ComponentType | undefined {
  const load = modules[path];
  return (
    load &&
    lazy(async () => {
      const { [name]: Page } = await load();
      if (Page === undefined) throw new Error(`${path} exports no ${name}.`);
      return { default: Page };
    })
  );
}

/** Missing = this build has no such page. */
export const lazyPages: Readonly<Record<Exclude<Route, 'studio'>, ComponentType | undefined>> = {
  lab: page('./lab/lab-page.tsx', 'LabPage'),
  how: page('./how/how-page.tsx', 'HowPage'),
};
