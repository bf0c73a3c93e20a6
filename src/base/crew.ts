// Several things in one line, as people write them in lists and forms: skills and crews.

export const listOf = (cell: string): string[] => cell.split(";").map((part) => part.trim()).filter((part) => part !== "");

/** "Ana Silva 1043": the last word is the badge if it has a digit. */
export function memberOf(words: string): { name: string; badge: string } {
  const [, name, badge] = /^(.*?)(?:\s+(\S*\d\S*))?$/.exec(words)!;
  return { name: name!, badge: badge ?? "" };
}

export const crewOf = (cell: string): { name: string; badge: string }[] => listOf(cell).map(memberOf);
