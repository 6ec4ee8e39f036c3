/** The settings, in groups. Fetched after the first paint: the pair is what is looked at first. */
import type { ReactNode, RefObject } from 'react';
import { AdapterSettings } from '../adapters/adapter-settings.tsx';
import { DecoderSettings } from '../adapters/decoder-settings.tsx';
import { BlendSettings } from '../compose/blend-settings.tsx';
import { ComparisonSettings } from '../compose/comparison-settings.tsx';
import { ExamplePrompts } from '../compose/example-prompts.tsx';
import { GuidanceSettings } from '../compose/guidance-settings.tsx';
import { NoiseSettings } from '../compose/noise-settings.tsx';
import { SamplerSettings } from '../compose/sampler-settings.tsx';
import { Welcome } from '../compose/welcome.tsx';
import { Licences } from '../engine/licences.tsx';
import { ShareGroup } from '../share/share-group.tsx';
import { phoneQuery, useMediaQuery } from './media-query.ts';

export function Inspector({ seedField }: { seedField: RefObject<HTMLInputElement | null> }): ReactNode {
  const onPhone = useMediaQuery(phoneQuery);
  return (
    <aside className="inspector" aria-label="Settings">
      <Welcome />
      {!onPhone && <ExamplePrompts />}
      <ComparisonSettings />
      <NoiseSettings field={seedField} />
      <BlendSettings />
      <GuidanceSettings />
      <SamplerSettings />
      <DecoderSettings />
      <AdapterSettings />
      <ShareGroup />
      <section className="group" aria-label="Models">
        <h2>Models</h2>
        <Licences />
      </section>
    </aside>
  );
}
