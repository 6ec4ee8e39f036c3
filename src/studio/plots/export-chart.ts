/** A chart as a file: SVG that stands alone, or PNG. Loaded when one is asked for. */
import type { Chart } from '../state/trajectory-chart.ts';
import { type ChartLook, drawChart } from './draw-chart.ts';

export interface ChartSheet {
  readonly title: string;
  /** A line a side, in the side's colour. */
  readonly captions: readonly { readonly text: string; readonly colour: string }[];
  readonly colours: ChartLook['colours'];
  readonly ink: string;
  readonly background: string;
}

const svgNamespace = 'http://www.w3.org/2000/svg';
const width = 960;
const chartHeight = 320;
const margin = 24;
const lineHeight = 20;
const fonts = 'ui-sans-serif, system-ui, sans-serif';
/** PNG pixels a unit. */
const density = 2;

export function chartSvg(chart: Chart, { title, captions, colours, ink, background }: ChartSheet): string {
  const headHeight = margin + (captions.length + 1) * lineHeight;
  const height = headHeight + chartHeight + margin / 2;
  const sheet = element('svg', { xmlns: svgNamespace, width, height, viewBox: `0 0 ${width} ${height}` });
  sheet.append(element('rect', { width, height, fill: background }));
  const write = (text: string, line: number, attributes: Record<string, string | number>): void => {
    const node = element('text', {
      x: margin,
      y: margin + line * lineHeight,
      'font-family': fonts,
      'font-size': 13,
      ...attributes,
    });
    node.textContent = text;
    sheet.append(node);
  };
  write(title, 0, { fill: ink, 'font-weight': 600, 'font-size': 14 });
  for (const [i, { text, colour }] of captions.entries()) write(text, i + 1, { fill: colour });
  const drawn = drawChart(chart, { width, height: chartHeight, marginLeft: 72, marginRight: 40, colours });
  drawn.setAttribute('y', String(headHeight));
  drawn.setAttribute('font-family', fonts);
  sheet.append(drawn);
  return new XMLSerializer().serializeToString(sheet);
}

/** @throws Error where the browser can't draw the SVG */
export async function chartPng(chart: Chart, sheet: ChartSheet): Promise<Blob> {
  const address = URL.createObjectURL(new Blob([chartSvg(chart, sheet)], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = density * image.naturalWidth;
    canvas.height = density * image.naturalHeight;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('The browser made no PNG.')))),
    );
  } finally {
    URL.revokeObjectURL(address);
  }
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const node = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key !== 'xmlns') node.setAttribute(key, String(value));
  }
  return node;
}
