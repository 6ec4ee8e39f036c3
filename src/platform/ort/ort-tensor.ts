/** Host tensors to onnxruntime-web's and back. */
import type { Tensor as OrtTensor } from 'onnxruntime-web';
import { EngineError } from '../../engine/core/errors.ts';
import type { Tensor } from '../../engine/core/tensor.ts';
import type { KeptTensor } from '../../engine/pipeline/ports.ts';
import { ort } from './ort-build.ts';

class OrtKeptTensor implements KeptTensor {
  readonly kept = true;
  readonly tensor: OrtTensor;

  constructor(tensor: OrtTensor) {
    this.tensor = tensor;
  }

  get shape(): readonly number[] {
    return this.tensor.dims;
  }

  dispose(): void {
    this.tensor.dispose();
  }
}

/** Takes over a tensor that lies on the graphics card. */
export function keptTensor(tensor: OrtTensor): KeptTensor {
  return new OrtKeptTensor(tensor);
}

/** Shares the tensor's memory. @throws EngineError 'internal' for a tensor that another runtime kept */
export function toOrtTensor(tensor: Tensor | KeptTensor): OrtTensor {
  if (tensor instanceof OrtKeptTensor) return tensor.tensor;
  if ('kept' in tensor)
    throw new EngineError('internal', 'A kept tensor belongs to the runtime that made it.');
  const { shape } = tensor;
  const { Tensor: OrtTensor } = ort();
  switch (tensor.dtype) {
    case 'f32':
      return new OrtTensor('float32', tensor.data, shape);
    case 'f16':
      return new OrtTensor('float16', tensor.data, shape);
    case 'i64':
      return new OrtTensor('int64', tensor.data, shape);
    case 'i32':
      return new OrtTensor('int32', tensor.data, shape);
  }
}

/** Read back where it lies on the graphics card; else sharing memory that the runtime has copied out of its heap. */
export async function readOrtTensor(name: string, tensor: OrtTensor): Promise<Tensor> {
  const { type, dims: shape } = tensor;
  const data = tensor.location === 'gpu-buffer' ? await tensor.getData(true) : tensor.data;
  if (type === 'float32') return { dtype: 'f32', shape, data: data as Float32Array };
  if (type === 'int64') return { dtype: 'i64', shape, data: data as BigInt64Array };
  if (type === 'int32') return { dtype: 'i32', shape, data: data as Int32Array };
  throw new EngineError('graph-invalid', `The output ${name} has a type that we don't read.`, {
    subject: name,
    found: type,
    wanted: 'float32, int64 or int32',
  });
}
