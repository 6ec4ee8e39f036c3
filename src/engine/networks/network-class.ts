import type { JsonObject } from '../weights/json-document.ts';

/**
 * The class that a config.json describes. Early published configs don't name it: then fields that only one class
 * has tell. What is neither named nor recognised comes back as the name or '' for the caller's error.
 */
export function networkClassOf(config: JsonObject): string {
  if (typeof config._class_name === 'string') return config._class_name;
  const { architectures, model_type: modelType } = config;
  if (modelType === 'clip_text_model') return 'CLIPTextModel';
  if (Array.isArray(architectures) && String(architectures[0]).startsWith('CLIPTextModel'))
    return 'CLIPTextModel';
  if ('encoder_block_out_channels' in config) return 'AutoencoderTiny';
  if ('cross_attention_dim' in config) return 'UNet2DConditionModel';
  if ('latent_channels' in config && 'down_block_types' in config) return 'AutoencoderKL';
  return '';
}
