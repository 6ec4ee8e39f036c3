/** JSON.parse keeps the last of two equal keys and says nothing; a header that repeats a name is a lie. */

/**
 * The first object key that occurs twice in one object, at any depth; undefined when none does.
 * @param json text that JSON.parse accepted: its syntax isn't checked again
 */
export function findRepeatedKey(json: string): string | undefined {
  const objects: Set<string>[] = [];
  let position = 0;
  while (position < json.length) {
    const character = json[position];
    if (character === '{') objects.push(new Set());
    else if (character === '}') objects.pop();
    if (character !== '"') {
      position++;
      continue;
    }
    const end = stringEnd(json, position);
    let next = end;
    while (/[ \t\r\n]/.test(json[next] ?? '')) next++;
    if (json[next] === ':') {
      // Decoded, since "a" and "\u0061" are one key.
      const key = JSON.parse(json.slice(position, end)) as string;
      const keys = objects.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
    position = next;
  }
  return undefined;
}

/** The position after the closing quote of the string that opens at `begin`. */
function stringEnd(json: string, begin: number): number {
  let position = begin + 1;
  while (json[position] !== '"') position += json[position] === '\\' ? 2 : 1;
  return position + 1;
}
