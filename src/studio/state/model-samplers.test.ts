import { describe, expect, it } from 'vitest';
import { samplerNames } from '../../engine/samplers/scheduler-config.ts';
import { manyStepModel, oneStepModel } from '../test/sample-runs.ts';
import { isFlow, samplerOf, samplersOf } from './model-samplers.ts';

const flow = { ...oneStepModel, sampler: 'rectified-flow' };
const consistency = { ...manyStepModel, sampler: 'lcm' };
const diffusion = { ...manyStepModel, sampler: 'dpm-solver-multistep' };

describe('the samplers of a model', () => {
  it('are every name that the engine knows, for networks that predict noise, but for the two that fit others', () => {
    const offered = samplersOf(diffusion);
    expect([...offered, 'lcm', 'rectified-flow'].sort()).toEqual([...samplerNames].sort());
    expect(samplersOf(manyStepModel)).toEqual(offered);
  });

  it('are one for a flow and for a consistency model', () => {
    expect(samplersOf(flow)).toEqual(['rectified-flow']);
    expect(samplersOf(consistency)).toEqual(['lcm']);
    expect([isFlow(flow), isFlow(consistency), isFlow(manyStepModel)]).toEqual([true, false, false]);
  });

  it('pass over a choice that another model was given', () => {
    expect(samplerOf('ddim', diffusion)).toBe('ddim');
    expect(samplerOf('ddim', flow)).toBeNull();
    expect(samplerOf('rectified-flow', diffusion)).toBeNull();
    expect(samplerOf(null, diffusion)).toBeNull();
  });
});
