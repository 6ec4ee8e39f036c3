/** The layers of docs/architecture.md: what may import what. Tests may look anywhere. */
const isTest = '\\.test\\.tsx?$|^src/testing/|/testing/';

/** Folders of the engine that each of them may import, besides itself. */
const engine = {
  core: [],
  weights: ['core'],
  onnx: ['core', 'weights'],
  networks: ['core', 'onnx', 'weights'],
  text: ['core'],
  samplers: ['core'],
  metrics: ['core'],
};

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(engine).map(([folder, allowed]) => ({
      name: `engine-${folder}`,
      severity: 'error',
      from: { path: `^src/engine/${folder}/`, pathNot: isTest },
      to: { path: '^src/', pathNot: `^src/engine/(${[folder, ...allowed].join('|')})/` },
    })),
    {
      name: 'engine-alone',
      comment: 'The engine knows no platform, no worker and no page.',
      severity: 'error',
      from: { path: '^src/engine/', pathNot: isTest },
      to: { path: '^src/', pathNot: '^src/engine/' },
    },
    {
      name: 'engine-packages',
      comment: 'Besides protobuf for the graphs and linear algebra for the metrics.',
      severity: 'error',
      from: { path: '^src/engine/', pathNot: isTest },
      to: { path: 'node_modules|^node:', pathNot: '@bufbuild/protobuf|ml-matrix|@blazediff/ssim' },
    },
    {
      name: 'parity-is-a-guest',
      comment: 'Nothing of the app needs the recorded cases.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/engine/parity/|${isTest}` },
      to: { path: '^src/engine/parity/' },
    },
    {
      name: 'platform',
      severity: 'error',
      from: { path: '^src/platform/', pathNot: isTest },
      to: { path: '^src/', pathNot: '^src/(engine|platform)/' },
    },
    {
      name: 'one-importer-of-onnxruntime-web',
      severity: 'error',
      from: { path: '^(src|cli|bench|evaluation)/', pathNot: '^src/platform/ort/' },
      to: { path: 'node_modules/onnxruntime-web' },
    },
    {
      name: 'one-importer-of-transformers',
      severity: 'error',
      from: { path: '^(src|cli|bench|evaluation)/', pathNot: '^src/platform/tokenizer/' },
      to: { path: 'node_modules/@xenova/transformers' },
    },
    {
      name: 'onnxruntime-node-in-node-only',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/platform/node/|${isTest}` },
      to: { path: 'node_modules/onnxruntime-node' },
    },
    {
      name: 'worker',
      severity: 'error',
      from: { path: '^src/worker/', pathNot: isTest },
      to: { path: '^src/', pathNot: '^src/(engine|platform|worker)/' },
    },
    {
      name: 'client-loads-no-engine',
      comment: 'The page knows types of the engine, and its errors; the rest is loaded in the worker.',
      severity: 'error',
      from: { path: '^src/(studio/|main\\.tsx)', pathNot: isTest },
      to: {
        path: '^src/(engine|platform)/',
        pathNot: '^src/engine/core/errors\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'service-worker-alone',
      comment: 'It starts before the page and outlives it: nothing of the page, nothing of the engine.',
      severity: 'error',
      from: { path: '^src/service-worker/', pathNot: isTest },
      to: { path: '^src/', pathNot: '^src/service-worker/' },
    },
    {
      name: 'offline-knows-the-state',
      severity: 'error',
      from: { path: '^src/offline/', pathNot: isTest },
      to: { path: '^src/', pathNot: '^src/(offline|service-worker|studio/state)/' },
    },
    {
      name: 'lab',
      comment: "The laboratory has its own worker, which takes the engine's noise and measures; its page takes the shell.",
      severity: 'error',
      from: { path: '^src/lab/', pathNot: isTest },
      to: { path: '^src/', pathNot: '^src/(lab/|route\\.ts$|studio/(views|share)/|engine/(core|metrics)/)' },
    },
    {
      name: 'lab-page-computes-nothing',
      comment: 'Networks, the engine and everything that takes time stay in the worker.',
      severity: 'error',
      from: { path: '^src/lab/(views|drawing|state|words|lab-page|lab-figure|open-laboratory)', pathNot: isTest },
      to: {
        path: '^src/(engine|lab/worker/(lab-session|jobs)|lab/flow/network)|node_modules/@jax-js',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'only-actions-call-the-worker',
      severity: 'error',
      from: { path: '^src/studio/', pathNot: `^src/studio/actions/|${isTest}` },
      to: { path: '^src/worker/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
