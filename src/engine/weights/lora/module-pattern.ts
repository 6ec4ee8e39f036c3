/**
 * The regular expressions among the keys of PEFT's `alpha_pattern`. PEFT (utils/other.py, get_pattern_key) takes a key
 * for a module where Python's `re.match(rf"(.*\.)?({key})$", name)` matches: the whole name, or what follows a dot.
 *
 * The expression is the file's, and a backtracking engine takes forever for some. Here all places that a match can have
 * reached in the name go through the expression together: a step's time is the name's length, and repetitions within
 * repetitions, which would multiply it, are refused, as is what layers' names need no expression for.
 */
import { EngineError } from '../../core/errors.ts';
import { quote } from '../json-document.ts';

export type ModulePattern = (name: string) => boolean;

/** Layers' names have about 100 characters. */
const longestPattern = 256;

type Places = ReadonlySet<number>;
type Step = (name: string, from: Places) => Places;

/**
 * @param subject the field that the expression stands in, for messages
 * @throws EngineError 'config-unsupported' for an expression beyond names, . \d \w [...] | (...) ^ $ and single * + ?
 */
export function parseModulePattern(pattern: string, subject: string): ModulePattern {
  const step = new PatternParser(pattern, subject).parse();
  return (name) => {
    const starts = new Set([0]);
    for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) starts.add(dot + 1);
    return step(name, starts).has(name.length);
  };
}

interface Parsed {
  readonly step: Step;
  readonly repeats: boolean;
}

class PatternParser {
  readonly #pattern: string;
  readonly #subject: string;
  #at = 0;

  constructor(pattern: string, subject: string) {
    this.#pattern = pattern;
    this.#subject = subject;
  }

  parse(): Step {
    if (this.#pattern.length > longestPattern) throw this.#refused(`more than ${longestPattern} characters`);
    const { step } = this.#alternatives();
    if (this.#at < this.#pattern.length) throw this.#refused(`a ')' too many`);
    return step;
  }

  #alternatives(): Parsed {
    const all = [this.#sequence()];
    while (this.#take('|')) all.push(this.#sequence());
    const step: Step = (name, from) => new Set(all.flatMap((each) => [...each.step(name, from)]));
    return all.length === 1 ? all[0]! : { step, repeats: all.some(({ repeats }) => repeats) };
  }

  #sequence(): Parsed {
    const all: Parsed[] = [];
    while (this.#at < this.#pattern.length && !/[|)]/.test(this.#pattern[this.#at]!)) all.push(this.#item());
    return {
      step: (name, from) => all.reduce((places, { step }) => step(name, places), from),
      repeats: all.some(({ repeats }) => repeats),
    };
  }

  /** One character or group, and how often it occurs. */
  #item(): Parsed {
    const { step, repeats } = this.#take('(') ? this.#group() : { step: this.#character(), repeats: false };
    const [quantifier] = this.#match(/[*+?]\??/y) ?? [];
    if (quantifier === undefined) return { step, repeats };
    if (quantifier[0] === '?') return { step: (name, from) => union(from, step(name, from)), repeats };
    if (repeats) throw this.#refused('a repetition within a repetition');
    const once = quantifier[0] === '+';
    return { step: (name, from) => union(once ? [] : from, repeated(step, name, from)), repeats: true };
  }

  /** What stands between ( and ). */
  #group(): Parsed {
    this.#match(/\?:/y);
    const inner = this.#alternatives();
    if (!this.#take(')')) throw this.#refused(`a '(' that isn't closed`);
    return inner;
  }

  #character(): Step {
    if (this.#take('^')) return (_, from) => new Set(from.has(0) ? [0] : []);
    if (this.#take('$')) return ({ length }, from) => new Set(from.has(length) ? [length] : []);
    const [one] = this.#match(/[^\\[{}*+?]|\\(?:[dw]|[^A-Za-z0-9])|\[\^?(?:[\w.-]|\\[dw.-])+\]/y) ?? [];
    if (one === undefined) throw this.#refused(`${quote(this.#pattern.slice(this.#at, this.#at + 4))}`);
    // Any of these is the same to Python and JavaScript, but for a range that runs backwards.
    let test: RegExp;
    try {
      test = new RegExp(`^${one}$`);
    } catch {
      throw this.#refused(one);
    }
    return (name, from) => new Set([...from].filter((at) => test.test(name.charAt(at))).map((at) => at + 1));
  }

  #take(character: string): boolean {
    if (this.#pattern[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  /** @param expected sticky */
  #match(expected: RegExp): RegExpExecArray | null {
    expected.lastIndex = this.#at;
    const found = expected.exec(this.#pattern);
    this.#at += found?.[0].length ?? 0;
    return found;
  }

  #refused(what: string): EngineError {
    const pattern = quote(this.#pattern);
    return new EngineError('config-unsupported', `${this.#subject}: the expression ${pattern} has ${what}.`, {
      subject: this.#subject,
      found: pattern,
      wanted:
        'a name, or an expression of names, . \\d \\w [...] | (...) ^ $ and * + ? that are not within another',
      remedy: 'Write the names of its layers instead of the expression.',
    });
  }
}

/** The places after one or more times. Every place is gone on from once. */
function repeated(step: Step, name: string, from: Places): Places {
  const reached = new Set<number>();
  for (let fresh = from; fresh.size > 0; ) {
    fresh = new Set([...step(name, fresh)].filter((place) => !reached.has(place)));
    for (const place of fresh) reached.add(place);
  }
  return reached;
}

function union(a: Iterable<number>, b: Iterable<number>): Places {
  return new Set([...a, ...b]);
}
