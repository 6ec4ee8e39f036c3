/** What crosses between the laboratory's page and its worker. */
import type { Pairs } from '../flow/coupling.ts';
import type { LabSettings } from '../flow/laboratory-settings.ts';
import type { Points } from '../flow/points.ts';

/** States at equal steps of time from `first` to `last`; the plane between two of them is crossed in a line. */
export interface PackedPath {
  /** Points per state. */
  readonly count: number;
  /** [steps + 1, count, 2]. */
  readonly states: Float32Array;
}

/** What the laboratory starts with. */
export interface Draft {
  readonly pairs: Pairs;
  /** Another sample of π1, that ends are held against. */
  readonly reference: Points;
  readonly coupling: CouplingMeasures;
  /** Energy distance between two samples of π1: nothing can be told closer. */
  readonly floor: number;
}

export interface CouplingMeasures {
  readonly lineCrossings: number;
  readonly transportCost: number;
}

export interface DistanceByN {
  readonly steps: number;
  /** Energy distance of the end points to π1. */
  readonly distance: number;
}

export interface FlowResult {
  readonly path: PackedPath;
  /** Where one Euler step lands: Z_0 + v(Z_0, 0). */
  readonly oneStep: Points;
  readonly field: VelocityGrid;
  /** Of the coupling (Z_0, Z_1) that the flow makes. */
  readonly coupling: CouplingMeasures;
  readonly straightness: number;
  readonly pathCrossings: number;
  readonly distances: readonly DistanceByN[];
}

/** Velocities on a square grid, at equal steps of time from 0 to 1. */
export interface VelocityGrid {
  /** Grid points in a row; the grid is side × side over [-3, 3]². */
  readonly side: number;
  /** [times, side × side, 2]. */
  readonly values: Float32Array;
}

/** A one-step student: Z_0 + v(Z_0) learnt from a flow's pairs. */
export interface StudentResult {
  readonly teacher: number;
  readonly ends: Points;
  /** Energy distance of its ends to π1 by optimiser steps; 0 steps = the flow itself in one Euler step. */
  readonly progress: readonly DistanceByN[];
  /** Mean distance between where the student and where its teacher takes a start. */
  readonly miss: number;
}

export interface RoundTrip {
  readonly flow: number;
  /** From data at t = 1 to noise at t = 0. */
  readonly back: PackedPath;
  /** And forth again. */
  readonly forth: PackedPath;
  /** Mean distance between the data and where it comes back to. */
  readonly miss: number;
  /** Energy distance of the noise that it arrives at to π0. */
  readonly distance: number;
}

/** DDPM's forward process on π1's points: the state after every `stride` of its steps. */
export interface ForwardWalk {
  readonly stride: number;
  readonly path: PackedPath;
  /** ᾱ_0 ... ᾱ_1000. */
  readonly alphaBars: Float64Array;
}

/** One at a time. Flow k + 1 learns from the pairs of flow k; students and round trips name the flow they are of. */
export type JobRequest =
  | { readonly kind: 'flow' }
  | { readonly kind: 'diffusion' }
  | { readonly kind: 'student'; readonly teacher: number }
  | { readonly kind: 'round-trip'; readonly flow: number }
  | { readonly kind: 'forward-walk' };

export type JobResult =
  | { readonly kind: 'flow'; readonly value: FlowResult }
  | { readonly kind: 'diffusion'; readonly value: FlowResult }
  | { readonly kind: 'student'; readonly value: StudentResult }
  | { readonly kind: 'round-trip'; readonly value: RoundTrip }
  | { readonly kind: 'forward-walk'; readonly value: ForwardWalk };

export interface JobReport {
  /** Losses of the training steps that were taken since the last report. */
  readonly losses: readonly number[];
  /** 'measuring' once the training is over. */
  readonly stage: 'training' | 'measuring';
  /** Missing until the job is done. */
  readonly result?: JobResult;
}

/** The worker's side, over comlink. */
export interface LabApi {
  /** Ends whatever was there before. */
  open(settings: LabSettings): Promise<Draft>;
  start(job: JobRequest): void;
  /** Goes on with the job for about `budgetMs`; 0 = one step. */
  advance(budgetMs: number): JobReport;
}
