/**
 * A small network of points and time, with its optimiser; gradients by jax-js, kernels in WebAssembly. Arrays of
 * jax-js count their references: passing one to a function gives it away, `.ref` keeps it.
 */
import { defaultDevice, init, jit, nn, numpy as np, type Array as Tensor, valueAndGrad } from '@jax-js/jax';
import type { Points } from './points.ts';
import type { Random } from './random.ts';

/** x, y, t → 64 → 64 → 64 → two outputs. */
const widths = [3, 64, 64, 64, 2] as const;
const outputs = 2;

/** Weights [inputs, outputs] and biases [outputs] of every layer, in turn; float32. */
type Parameters = Tensor[];

/** Once per thread, before any network. WebAssembly everywhere: one seed gives the same flow on every machine. */
export async function prepareNetworks(): Promise<void> {
  await init('wasm');
  defaultDevice('wasm');
}

/** @param inputs [B, 3]: x, y, t @returns [B, 2] */
function forward(parameters: Parameters, inputs: Tensor): Tensor {
  let values = inputs;
  for (let layer = 0; layer < parameters.length; layer += 2) {
    values = np.matmul(values, parameters[layer]!).add(parameters[layer + 1]!);
    if (layer < parameters.length - 2) values = nn.silu(values);
  }
  return values;
}

/** Mean over the batch of the squared distance. */
function loss(parameters: Parameters, inputs: Tensor, targets: Tensor): Tensor {
  return np.square(forward(parameters, inputs).sub(targets)).sum(1).mean();
}

const evaluate = jit(forward);
const lossAndGradient = valueAndGrad(loss);

const [momentumDecay, varianceDecay, tiny] = [0.9, 0.99, 1e-8];

/** One step of Adam (Kingma & Ba 2015, arXiv 1412.6980); `rate` and `varianceScale` carry the bias corrections. */
const adamStep = jit(
  (
    parameters: Parameters,
    momenta: Parameters,
    variances: Parameters,
    inputs: Tensor,
    targets: Tensor,
    rate: Tensor,
    varianceScale: Tensor,
  ) => {
    const [value, gradients] = lossAndGradient(
      parameters.map((parameter) => parameter.ref),
      inputs,
      targets,
    ) as [Tensor, Parameters];
    const nextMomenta = momenta.map((momentum, i) =>
      momentum.mul(momentumDecay).add(gradients[i]!.ref.mul(1 - momentumDecay)),
    );
    const nextVariances = variances.map((variance, i) =>
      variance.mul(varianceDecay).add(np.square(gradients[i]!).mul(1 - varianceDecay)),
    );
    const nextParameters = parameters.map((parameter, i) => {
      const size = np.sqrt(nextVariances[i]!.ref.mul(varianceScale.ref)).add(tiny);
      return parameter.sub(nextMomenta[i]!.ref.mul(rate.ref).div(size));
    });
    rate.dispose();
    varianceScale.dispose();
    return [nextParameters, nextMomenta, nextVariances, value] as [
      Parameters,
      Parameters,
      Parameters,
      Tensor,
    ];
  },
);

const shapes = widths.slice(1).flatMap((width, i) => [[widths[i]!, width], [width]]);
const zeros = (): Parameters => shapes.map((shape) => np.zeros(shape));
const kept = (parameters: Parameters): Parameters => parameters.map((parameter) => parameter.ref);

export class FlowNetwork {
  #parameters: Parameters;
  #momenta = zeros();
  #variances = zeros();
  #steps = 0;

  private constructor(parameters: Parameters) {
    this.#parameters = parameters;
  }

  /** Weights uniform in ±√(3 / inputs), the last layer's 0: the field starts as none. The caller disposes. */
  static create(random: Random): FlowNetwork {
    const parameters = shapes.map((shape, i) => {
      const [inputs] = shape as [number];
      if (shape.length === 1 || i === shapes.length - 2) return np.zeros(shape);
      const bound = Math.sqrt(3 / inputs);
      const values = Float32Array.from(
        { length: inputs * shape[1]! },
        () => bound * (2 * random.uniform() - 1),
      );
      return np.array(values, { shape });
    });
    return new FlowNetwork(parameters);
  }

  /** The same weights, with an optimiser that has seen nothing. */
  copy(): FlowNetwork {
    return new FlowNetwork(kept(this.#parameters));
  }

  /**
   * One step of the optimiser.
   * @param inputs [B, 3]: x, y, t
   * @param targets [B, 2]
   * @returns the loss before the step
   */
  train(inputs: Float32Array, targets: Float32Array, learningRate: number): number {
    this.#steps += 1;
    const rate = learningRate / (1 - momentumDecay ** this.#steps);
    const [parameters, momenta, variances, value] = adamStep(
      this.#parameters,
      this.#momenta,
      this.#variances,
      np.array(inputs, { shape: [inputs.length / 3, 3] }),
      np.array(targets, { shape: [targets.length / outputs, outputs] }),
      np.array(rate),
      np.array(1 / (1 - varianceDecay ** this.#steps)),
    );
    this.#parameters = parameters;
    this.#momenta = momenta;
    this.#variances = variances;
    return value.js() as number;
  }

  /** The network's output at every point, at one time. */
  at(points: Points, t: number): Points {
    const count = points.length / outputs;
    const inputs = new Float32Array(3 * count);
    for (let i = 0; i < count; i++) {
      inputs[3 * i] = points[2 * i]!;
      inputs[3 * i + 1] = points[2 * i + 1]!;
      inputs[3 * i + 2] = t;
    }
    const output = evaluate(kept(this.#parameters), np.array(inputs, { shape: [count, 3] }));
    return Float32Array.from(output.dataSync() as Float32Array);
  }

  dispose(): void {
    for (const tensor of [...this.#parameters, ...this.#momenta, ...this.#variances]) tensor.dispose();
  }
}
