/** What comlink exposes of the worker; `client.ts` turns it into an EngineClient. */
import type { ModelDescriptor } from '../engine/pipeline/model.ts';
import type { Outcome } from './outcome.ts';
import type {
  AdapterSummary,
  BackendChoice,
  BackendReport,
  ChosenAdapter,
  ChosenFolder,
  DecodeRequest,
  DrawEvent,
  DrawRequest,
  DrawResult,
  EngineClient,
  Picture,
  PromptTokens,
} from './protocol.ts';

export interface HostApi {
  /** @param modelsRoot address of the models' root, with a slash at the end */
  start(choice: BackendChoice, modelsRoot: string): Promise<Outcome<BackendReport>>;
  models(): Promise<Outcome<Awaited<ReturnType<EngineClient['models']>>>>;
  addFolder(key: string, folder: ChosenFolder): Promise<Outcome<ModelDescriptor>>;
  addAdapter(adapter: ChosenAdapter): Promise<Outcome<AdapterSummary>>;
  countTokens(model: string, prompt: string): Promise<Outcome<PromptTokens>>;
  /** @param id names the draw to `cancel` */
  draw(id: number, request: DrawRequest, onEvent: (event: DrawEvent) => void): Promise<Outcome<DrawResult>>;
  decode(request: DecodeRequest): Promise<Outcome<readonly Picture[]>>;
  /** The draw ends with 'aborted' after the evaluation under way; unknown and ended ids are ignored. */
  cancel(id: number): void;
}
