// The studio's engine on a page of your own: `npm run build`, then serve this folder as dist/examples/embed.
import { createEngine } from '../../engine.js';

const canvas = document.querySelector('canvas');
const output = document.querySelector('output');
const backend = new URLSearchParams(location.search).get('backend') ?? 'auto';

const engine = createEngine();
try {
  await engine.start(backend);
  const [model] = await engine.models();
  const [width, height] = model.sizes[0];
  const request = { model: model.id, prompt: 'a red apple', seed: 7, stepCount: 1, guidanceScale: 1 };
  const { picture, timings } = await engine.draw({ ...request, width, height, previews: false }, {});
  Object.assign(canvas, { width, height });
  canvas.getContext('2d').putImageData(new ImageData(picture.rgba, width, height), 0, 0);
  output.value = `Drawn by ${model.title} in ${Math.round(timings.totalMs)} ms`;
} catch (error) {
  output.value = `${error.message} ${error.remedy ?? ''}`;
} finally {
  engine.dispose();
}
