/** The mark: noise, a straight path, a picture. */
import type { ReactNode } from 'react';

export function Mark(): ReactNode {
  return (
    <svg className="mark" width="26" height="26" viewBox="0 0 26 26" fill="none" aria-hidden="true">
      <path d="M7.8 18.2 16.6 9.4" stroke="currentColor" strokeWidth="2" />
      <circle cx="5.6" cy="20.4" r="3.1" stroke="currentColor" strokeWidth="2" strokeDasharray="1.6 1.64" />
      <rect x="15.6" y="2.6" width="8" height="8" fill="currentColor" />
    </svg>
  );
}
