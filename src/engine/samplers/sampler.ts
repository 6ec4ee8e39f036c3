/**
 * The contract of all samplers: `plan` lays out the evaluations, `step` is pure. The caller owns the loop,
 * the guidance, the previews and the cancel. Latents are flat float32 arrays: samplers are elementwise.
 */

/** One network evaluation. */
export interface PlannedStep {
  /** What the network is told: 1000 * (1 - t) for flows, the training timestep for diffusion; may be fractional. */
  readonly timestep: number;
  /** Path time of the latents before this step, 0 = noise, 1 = picture. */
  readonly time: number;
}

export interface SamplerPlan {
  readonly steps: readonly PlannedStep[];
  /** Standard deviation that unit noise is scaled by before the first step. */
  readonly initNoiseSigma: number;
  /** Whether `step` wants fresh unit noise (ancestral and stochastic samplers). */
  readonly stochastic: boolean;
}

/** Everything a multistep method carries from step to step besides the latents. Immutable. */
export interface SamplerState {
  readonly latents: Float32Array;
  /** Earlier model outputs or derivatives, newest first; [] for one-step methods. */
  readonly history: readonly Float32Array[];
}

export interface StepResult {
  readonly state: SamplerState;
  /** The predicted end point: z_t + (1 - t) v for flows, the predicted clean latents for diffusion. */
  readonly endpoint: Float32Array;
}

export interface Sampler<Plan extends SamplerPlan = SamplerPlan> {
  /** The name that scripts and the page use: 'rectified-flow', 'ddim', 'dpm-solver-multistep'. */
  readonly name: string;
  /** @param stepCount number N of steps asked for, 1 to 1000. @throws EngineError 'argument-invalid' */
  plan(stepCount: number): Plan;
  /** Latents as the network wants them at step i; Euler-type samplers divide by sqrt(sigma^2 + 1). */
  scaleModelInput(plan: Plan, latents: Float32Array, i: number): Float32Array;
  /**
   * @param modelOutput the (guided) network output at step i: velocity or epsilon
   * @param noise unit noise, given when `plan.stochastic`
   */
  step(plan: Plan, state: SamplerState, modelOutput: Float32Array, i: number, noise?: Float32Array): StepResult;
}
