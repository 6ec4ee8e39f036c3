/**
 * The contract of all samplers: `plan` lays out the evaluations and their coefficients, `step` is pure. The
 * caller owns the loop, the guidance, the previews and the cancel. Latents are flat float32 arrays of one
 * picture, [C * h * w]: samplers are elementwise (dynamic thresholding alone looks at the whole picture).
 */

/** One network evaluation. */
export interface PlannedStep {
  /**
   * What the network is told: 1000 * (1 - t) for flows, the training timestep for diffusion; may be
   * fractional. Round it to float32, never to a whole number.
   */
  readonly timestep: number;
  /**
   * Path time of the latents before this step, 0 = noise, 1 = picture: i / N for flows, 1 - (timestep + 1) / T
   * for diffusion. Methods with several evaluations a step repeat a time: the later latents replace the
   * earlier ones. After the last step the time is 1.
   */
  readonly time: number;
}

/** What a run needs to know in advance. Plain data; each sampler adds its coefficients. */
export interface SamplerPlan {
  /** As many as there are evaluations: N, or more for PNDM and Heun. */
  readonly steps: readonly PlannedStep[];
  /** Standard deviation that unit noise is scaled by before the first step. */
  readonly initNoiseSigma: number;
  /** Whether `step` wants fresh unit noise (ancestral and stochastic samplers); some ignore it at the end. */
  readonly stochastic: boolean;
  /**
   * Noise over signal, sigma / alpha, at each step and after the last, as diffusers' `scheduler.sigmas`;
   * absent where the algorithm works with alphas.
   */
  readonly sigmas?: readonly number[];
}

/** Everything a multistep method carries from step to step besides the latents. Immutable. */
export interface SamplerState {
  readonly latents: Float32Array;
  /** Earlier predictions, derivatives or latents in the sampler's own layout; [] before the first step. */
  readonly history: readonly Float32Array[];
}

export interface StepResult {
  readonly state: SamplerState;
  /**
   * The predicted end point: z_t + (1 - t) v for flows, the predicted clean latents for diffusion (clipped or
   * thresholded where the config says so).
   */
  readonly endpoint: Float32Array;
}

export interface Sampler<Plan extends SamplerPlan = SamplerPlan> {
  /** The name that scripts and the page use: 'rectified-flow', 'ddim', 'dpm-solver-multistep'. */
  readonly name: string;
  /**
   * @param stepCount number N of steps asked for, 1 to 1000
   * @throws EngineError 'argument-invalid' for a count out of range, or beyond what this sampler's training
   *   steps allow; 'config-unsupported' when the config's values contradict each other at this N
   */
  plan(stepCount: number): Plan;
  /**
   * Latents as the network wants them at step i; Euler-type samplers divide by sqrt(sigma^2 + 1). Also the way
   * to compare their latents with other samplers': the result has the variance of the training latents.
   * Returns `latents` itself where there is nothing to do.
   */
  scaleModelInput(plan: Plan, latents: Float32Array, i: number): Float32Array;
  /**
   * Where step i is latents + dt * output and nothing else: that dt. Such steps can be made where the network runs.
   */
  eulerStep?(plan: Plan, i: number): number;
  /**
   * Neither argument is changed; the result's arrays are new or are arrays that were passed in.
   * @param modelOutput the (guided) network output at step i: velocity, epsilon, v or clean latents
   * @param noise unit noise, given when `plan.stochastic`
   * @throws EngineError 'argument-invalid' for lengths that differ, i outside the plan, missing noise, or a
   *   state that isn't step i's
   */
  step(
    plan: Plan,
    state: SamplerState,
    modelOutput: Float32Array,
    i: number,
    noise?: Float32Array,
  ): StepResult;
}
