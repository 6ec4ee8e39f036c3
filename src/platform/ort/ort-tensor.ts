/** Host tensors to onnxruntime-web's and back. */
import { Tensor as OrtTensor } from 'onnxruntime-web';
import { EngineError } from '../../engine/core/errors.ts';
import type { Tensor } from '../../engine/core/tensor.ts';

/** Shares the tensor's memory. */
export function toOrtTensor(tensor: Tensor): OrtTensor {
  const { shape } = tensor;
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

/** Shares the tensor's memory, which the runtime has copied out of its heap already. */
export function fromOrtTensor(name: string, { type, data, dims: shape }: OrtTensor): Tensor {
  if (type === 'float32') return { dtype: 'f32', shape, data: data as Float32Array };
  if (type === 'int64') return { dtype: 'i64', shape, data: data as BigInt64Array };
  if (type === 'int32') return { dtype: 'i32', shape, data: data as Int32Array };
  throw new EngineError('graph-invalid', `The output ${name} has a type that we don't read.`, {
    subject: name,
    found: type,
    wanted: 'float32, int64 or int32',
  });
}
