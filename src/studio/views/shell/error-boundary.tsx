/** Catches what fails while its children are drawn, or fetched, so that the rest of the page stays. */
import { Component, type ReactNode } from 'react';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** Stands in for the children. `reset` tries them again. */
  readonly failed: (error: Error, reset: () => void) => ReactNode;
}

/** A class: React has no other way to catch errors of rendering. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { readonly error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(thrown: unknown): { readonly error: Error } {
    return { error: thrown instanceof Error ? thrown : new Error(String(thrown)) };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    return this.props.failed(error, () => this.setState({ error: null }));
  }
}
