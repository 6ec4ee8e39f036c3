/** How exporters name the weights beside a graph that is too large for one file. */
export const exportedDataNames = ['model.onnx_data', 'model.onnx.data', 'weights.pb'] as const;
