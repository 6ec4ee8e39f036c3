/** What the catalogue says of a model: its parts, and how it wants to be sampled. */

export interface ModelDescriptor {
  /** 'instaflow-nano' */
  readonly id: string;
  /** 'InstaFlow-nano' */
  readonly title: string;
  /** Models of one lineage share text encoder and VAE, so that the same noise can be compared. */
  readonly lineage: string;
  /** Component folders, relative to the model files' root: 'nano/unet-instaflow'. */
  readonly components: {
    readonly tokenizer: string;
    readonly text_encoder: string;
    readonly unet: string;
    readonly vae: string;
    /** A tiny decoder of the same latents (TAESD), for previews and for fast decoding. */
    readonly tiny_vae?: string | undefined;
    readonly scheduler?: string | undefined;
  };
  /** U-Nets whose difference is added to this model's: its weights are unet + (finetuned - original). */
  readonly delta?: { readonly finetuned: string; readonly original: string } | undefined;
  /** Sampler name; else the folder's model_index.json or scheduler_config.json decides. */
  readonly sampler?: string | undefined;
  readonly steps: { readonly minimum: number; readonly maximum: number; readonly initial: number };
  /** null: the model takes no guidance and no negative prompt. */
  readonly guidance: { readonly minimum: number; readonly maximum: number; readonly initial: number } | null;
  /** Picture sizes in pixels, [width, height]; the first is the default. */
  readonly sizes: readonly (readonly [number, number])[];
  readonly licence: {
    readonly name: string;
    readonly url?: string | undefined;
    readonly notes?: string | undefined;
  };
}
