/** The keys of a record literal, which has no keys beyond its type. */
export function keysOf<Table extends object>(record: Table): readonly (keyof Table & string)[] {
  const keys: (keyof Table & string)[] = [];
  for (const key in record) if (Object.hasOwn(record, key)) keys.push(key);
  return keys;
}

/** Creates a record with these keys; `make` returns the value of each. */
export function makeRecord<Result extends object>(
  keys: readonly (keyof Result)[],
  make: <Key extends keyof Result>(key: Key) => Result[Key],
): Result {
  const result: Partial<Result> = {};
  for (const key of keys) result[key] = make(key);
  if (!isComplete(result, keys)) throw new Error("a record lost a key");
  return result;
}

/** One property of each entry of a table, such as its schemas. */
export function pluck<
  Property extends string,
  Table extends { readonly [Key in keyof Table]: { readonly [P in Property]: unknown } },
>(table: Table, property: Property): { readonly [Key in keyof Table]: Table[Key][Property] } {
  type Plucked = { [Key in keyof Table]: Table[Key][Property] };
  return makeRecord<Plucked>(keysOf(table), (key) => table[key][property]);
}

function isComplete<Result extends object>(
  result: Partial<Result>,
  keys: readonly (keyof Result)[],
): result is Result {
  return keys.every((key) => Object.hasOwn(result, key));
}
