/** The text encoder's config.json (transformers, models/clip/configuration_clip.py, CLIPTextConfig). */
import { type ActivationName, transformersActivations } from '../activation-function.ts';
import { ConfigReader, depth } from '../config-reader.ts';

export interface ClipTextConfig {
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Longest sequence, special tokens included: 77. */
  readonly maximumLength: number;
  readonly vocabularySize: number;
  readonly activation: ActivationName;
  readonly normEpsilon: number;
  /** 2 in all old checkpoints, which means: the largest id, whatever it is. */
  readonly endToken: number;
  /** Width of `text_embeds`; undefined where the checkpoint has no projection. */
  readonly projectionSize: number | undefined;
}

/** What every transformers config may hold besides: training, generation, and how the outputs are wrapped. */
const fieldsWithoutEffect = [
  'attention_dropout',
  'dropout',
  'initializer_factor',
  'initializer_range',
  'bos_token_id',
  'pad_token_id',
  'torch_dtype',
  'dtype',
  'transformers_version',
  'gradient_checkpointing',
  'return_dict',
  'output_attentions',
  'output_hidden_states',
  'use_cache',
  'use_return_dict',
  'tie_word_embeddings',
  'is_encoder_decoder',
  'id2label',
  'label2id',
  'finetuning_task',
  'problem_type',
  'task_specific_params',
  'tokenizer_class',
  'temperature',
  'top_k',
  'top_p',
  'typical_p',
  'num_beams',
  'num_beam_groups',
  'num_return_sequences',
  'repetition_penalty',
  'length_penalty',
  'diversity_penalty',
  'encoder_no_repeat_ngram_size',
  'no_repeat_ngram_size',
  'max_length',
  'min_length',
  'chunk_size_feed_forward',
  'torchscript',
  'use_bfloat16',
  'tf_legacy_loss',
  'is_decoder',
  'cross_attention_hidden_size',
  'add_cross_attention',
  'tie_encoder_decoder',
  'do_sample',
  'early_stopping',
  'bad_words_ids',
  'output_scores',
  'return_dict_in_generate',
  'forced_bos_token_id',
  'forced_eos_token_id',
  'remove_invalid_values',
  'exponential_decay_length_penalty',
  'suppress_tokens',
  'begin_suppress_tokens',
  'prefix',
  'sep_token_id',
  'decoder_start_token_id',
] as const;

/** @throws EngineError 'config-invalid' | 'config-unsupported' naming the field */
export function parseClipTextConfig(json: unknown): ClipTextConfig {
  const config = new ConfigReader(json, 'CLIPTextModel');
  config.refuseUnless('model_type', 'clip_text_model');
  config.ignore(...fieldsWithoutEffect);
  const pruned = config.value('pruned_heads');
  if (pruned !== undefined && JSON.stringify(pruned) !== '{}') {
    throw config.unsupported('pruned_heads', pruned, 'no pruned heads');
  }
  const [architecture] = config.choices(
    'architectures',
    ['CLIPTextModel', 'CLIPTextModelWithProjection'],
    ['CLIPTextModel'],
  );
  const hiddenSize = config.integer('hidden_size', 512);
  const heads = config.integer('num_attention_heads', 8);
  if (hiddenSize % heads !== 0)
    throw config.invalid('num_attention_heads', heads, `a divisor of ${hiddenSize}`);
  const projectionSize = config.integer('projection_dim', 512, { minimum: 0 });
  const parsed: ClipTextConfig = {
    hiddenSize,
    heads,
    intermediateSize: config.integer('intermediate_size', 2048),
    layers: config.integer('num_hidden_layers', 12, depth),
    maximumLength: config.integer('max_position_embeddings', 77),
    vocabularySize: config.integer('vocab_size', 49408),
    activation: config.choice('hidden_act', transformersActivations, 'quick_gelu'),
    normEpsilon: config.number('layer_norm_eps', 1e-5, 0),
    endToken: config.integer('eos_token_id', 49407, { minimum: 0 }),
    projectionSize: architecture === 'CLIPTextModelWithProjection' ? projectionSize : undefined,
  };
  config.finish();
  return parsed;
}
