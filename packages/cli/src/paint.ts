import { styleText } from 'node:util';
import type { Output } from './host.ts';

export type Colour = 'green' | 'yellow' | 'red' | 'gray' | 'bold' | 'cyan' | 'magenta' | 'blue';

/** Colours a text where the output is a terminal that wants colours. */
export type Paint = (colour: Colour, text: string) => string;

export function paintFor(output: Output): Paint {
  const wanted = output.isTTY === true && output.hasColors?.() === true;
  return (colour, text) => (wanted ? styleText(colour, text) : text);
}
