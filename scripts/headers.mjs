/**
 * What the page is served with: isolated, so that WASM has threads, and closed to everything that isn't its own.
 * 'wasm-unsafe-eval' lets WebAssembly compile; it allows no eval of JavaScript.
 *
 * connect-src: models are fetched from the hub, from the hosts that it redirects to, and from whatever mirror or
 * server the reader names, so any https address may be asked, and this machine itself over http. No script comes from
 * there (script-src), and nothing is asked for before the reader accepted a download (docs/models.md).
 */
export const pageHeaders = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "connect-src 'self' https: http://127.0.0.1:* http://localhost:*",
    "img-src 'self' blob: data:",
    "style-src 'self'",
    "font-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
