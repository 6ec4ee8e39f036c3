/** A graph as text, one node a line: for reading, and for snapshots that show what a change does. */
import { decodeConstant } from './constant-data.ts';
import { formatShape } from './dimension.ts';
import type { Attribute, Graph, Initializer, Node, Value } from './graph.ts';

/** Longer constants are printed by name. */
const maximumPrintedValues = 8;

export function printGraph(graph: Graph): string {
  const initializers = new Map(
    graph.initializers.map((initializer) => [initializer.value.name, initializer]),
  );
  return [
    `${graph.name} (opset ${graph.opset})`,
    ...graph.inputs.map((value) => `in  ${printValue(value)}`),
    ...graph.initializers.filter((initializer) => !isShort(initializer)).map(printInitializer),
    ...graph.nodes.map((node) => printNode(node, initializers)),
    ...graph.outputs.map((value) => `out ${printValue(value)}`),
  ].join('\n');
}

function printValue({ name, dtype, shape }: Value): string {
  return `${name}: ${dtype}${formatShape(shape)}`;
}

function printInitializer({ value, source }: Initializer): string {
  const origins = {
    inline: () => 'constant',
    checkpoint: () => (source.kind === 'checkpoint' ? source.entry.dtype : ''),
    derived: () =>
      `derived from ${source.kind === 'derived' ? source.inputs.map(({ name }) => name).join(', ') : ''}`,
  };
  return `par ${printValue(value)} (${origins[source.kind]()})`;
}

function printNode(node: Node, initializers: ReadonlyMap<string, Initializer>): string {
  const inputs = node.inputs.map((value) => (value ? printInput(value, initializers) : '_')).join(', ');
  const attributes = Object.entries(node.attributes).map(
    ([key, value]) => ` ${key}=${printAttribute(value)}`,
  );
  return `${node.outputs.map(printValue).join(', ')} = ${node.operator}(${inputs})${attributes.join('')}`;
}

function printInput({ name }: Value, initializers: ReadonlyMap<string, Initializer>): string {
  const initializer = initializers.get(name);
  return initializer && isShort(initializer) ? printShort(initializer) : name;
}

function isShort({ value, source }: Initializer): boolean {
  return source.kind === 'inline' && valueCount(value) <= maximumPrintedValues;
}

function printShort({ value, source }: Initializer): string {
  if (source.kind !== 'inline' || (value.dtype !== 'f32' && value.dtype !== 'f16' && value.dtype !== 'i64')) {
    return value.name;
  }
  const values = decodeConstant(value.dtype, source.bytes).map((x) => String(Number(x.toPrecision(6))));
  return value.shape.length === 0 ? values[0]! : `[${values.join(', ')}]`;
}

function valueCount({ shape }: Value): number {
  return shape.reduce<number>((product, size) => product * Number(size), 1);
}

function printAttribute(attribute: Attribute): string {
  return Array.isArray(attribute.value) ? `[${attribute.value.join(', ')}]` : String(attribute.value);
}
