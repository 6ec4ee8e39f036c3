/** What a laboratory is determined by: the same settings give the same pairs, flows and numbers. */
import type { CouplingKind } from './coupling.ts';
import type { Distribution } from './distributions.ts';

export type VelocityModel = 'network' | 'kernel';

export interface LabSettings {
  /** π0. */
  readonly from: Distribution;
  /** π1. */
  readonly to: Distribution;
  readonly coupling: CouplingKind;
  readonly model: VelocityModel;
  /** Of the kernel, in units of the plane. */
  readonly bandwidth: number;
  /** Optimiser steps of each training. */
  readonly steps: number;
  /** 0 to 2^32 - 1. */
  readonly seed: number;
}

/** How much is drawn, followed and measured. */
export interface LabScale {
  /** Pairs drawn, and particles shown. */
  readonly particles: number;
  /** Ends are measured on this many particles, and against this many of π1. */
  readonly measured: number;
  /** Euler steps of the paths that are drawn, measured and reflowed. */
  readonly pathSteps: number;
}

/** Of the page. 1000 measured particles: a sampling error of about 0.002 in the energy distance. */
export const pageScale: LabScale = { particles: 2000, measured: 1000, pathSteps: 100 };

/** Of the particles, this many have their path drawn, and their crossings counted. */
export const drawnPaths = 200;

/** Every student's training: what is compared is how far it gets in this many steps. */
export const studentSteps = 40;
