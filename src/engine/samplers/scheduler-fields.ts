/** The names of fields that diffusers' scheduler classes take, to tell another class's field from an unknown one. */
import { EngineError } from '../core/errors.ts';
import type { SchedulerConfig } from './config-fields.ts';

const fieldNames: ReadonlySet<string> = new Set(
  `num_train_timesteps beta_start beta_end beta_schedule trained_betas prediction_type timestep_spacing
  steps_offset clip_sample clip_sample_range set_alpha_to_one set_alpha_to_zero thresholding
  dynamic_thresholding_ratio sample_max_value rescale_betas_zero_snr variance_type skip_prk_steps
  use_karras_sigmas use_exponential_sigmas use_beta_sigmas use_lu_lambdas use_flow_sigmas sigma_min sigma_max
  sigma_data sigma_schedule final_sigmas_type interpolation_type timestep_type algorithm_type solver_type
  solver_order lower_order_final euler_at_final lambda_min_clipped predict_x0 disable_corrector solver_p
  predictor_order corrector_order tau_func original_inference_steps timestep_scaling rho s_min s_noise s_churn
  tensor_format shift shift_terminal base_shift max_shift base_image_seq_len max_image_seq_len flow_shift
  use_dynamic_shifting time_shift_type invert_sigmas stochastic_sampling num_time_windows t_clean mu eta
  noise_sampler_seed snr sampling_eps correct_steps min_value scaler mode`.split(/\s+/),
);

/**
 * A field that no scheduler takes may mean anything; it is refused unless it is null or false. Names that begin
 * with an underscore are the file's own records.
 * @throws EngineError 'config-unsupported'
 */
export function assertKnownFields(config: SchedulerConfig, className: string): void {
  for (const [name, value] of Object.entries(config)) {
    if (name.startsWith('_') || fieldNames.has(name) || value === null || value === false) continue;
    throw new EngineError(
      'config-unsupported',
      `${className}: no scheduler has a field ${JSON.stringify(name)}.`,
      {
        subject: name,
        found: JSON.stringify(value)?.slice(0, 200) ?? typeof value,
        wanted: 'a field of a diffusers scheduler',
        remedy: 'Remove the field from scheduler_config.json if it means nothing to the sampler.',
      },
    );
  }
}
