import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPrediction,
  cleanPrediction,
  cleanPredictionAtSigma,
  limitClean,
  noisePrediction,
  predictionTypes,
} from './prediction.ts';

describe.each(predictionTypes)('prediction of %s', (type) => {
  it('gives back the clean latents and the noise that the latents were mixed from', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.1, max: 3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        (ratio, clean, noise) => {
          const alpha = 1 / Math.hypot(1, ratio);
          const sigma = ratio * alpha;
          const latents = Float32Array.of(alpha * clean + sigma * noise);
          const outputs = { epsilon: noise, sample: clean, v_prediction: alpha * noise - sigma * clean };
          const output = Float32Array.of(outputs[type]);
          // Float32 inputs of up to 3 sqrt(2), divided by alpha or sigma of at least 0.1.
          const digits = 4;
          expect(applyPrediction(cleanPrediction(type, alpha, sigma), latents, output)[0]).toBeCloseTo(
            clean,
            digits,
          );
          expect(applyPrediction(noisePrediction(type, alpha, sigma), latents, output)[0]).toBeCloseTo(
            noise,
            digits,
          );
          const atSigma = Float32Array.of(clean + ratio * noise);
          expect(applyPrediction(cleanPredictionAtSigma(type, ratio), atSigma, output)[0]).toBeCloseTo(
            clean,
            digits,
          );
        },
      ),
    );
  });
});

describe('the limit of the clean latents', () => {
  it('clips', () => {
    expect([...limitClean(Float32Array.of(-3, 0.5, 2), { kind: 'clip', range: 1.5 })]).toEqual([
      -1.5, 0.5, 1.5,
    ]);
  });

  it('thresholds at a quantile of the absolute values, linear between two of them', () => {
    // The absolute values 0, 1, 2, 4: the quantile 5/6 lies halfway between 2 and 4.
    const values = limitClean(Float32Array.of(0, -1, 2, -4), {
      kind: 'threshold',
      ratio: 5 / 6,
      maximum: 10,
    });
    expect([...values].map((value) => value * 3)).toEqual([0, -1, 2, -3].map((x) => expect.closeTo(x, 6)));
  });

  it('never thresholds below 1, nor above the maximum', () => {
    const small = Float32Array.of(0.25, -0.5);
    expect([...limitClean(small, { kind: 'threshold', ratio: 1, maximum: 10 })]).toEqual([0.25, -0.5]);
    const large = Float32Array.of(8, -2);
    expect([...limitClean(large, { kind: 'threshold', ratio: 1, maximum: 4 })]).toEqual([1, -0.5]);
  });

  it('leaves the array alone', () => {
    const values = Float32Array.of(5);
    expect(limitClean(values, { kind: 'none' })).toBe(values);
    limitClean(values, { kind: 'clip', range: 1 });
    expect([...values]).toEqual([5]);
  });
});
