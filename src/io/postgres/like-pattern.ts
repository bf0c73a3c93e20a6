// What a person types into a search box, as a pattern of LIKE: found anywhere, and %, _ and \ mean themselves (PostgreSQL manual, 9.7.1).
export const likePattern = (typed: string): string => `%${typed.replace(/[\\%_]/g, "\\$&")}%`;
