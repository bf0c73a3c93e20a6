// What a decision or a parser answers when the input may be wrong. Throwing is for bugs; a wrong input is an ordinary answer
// that a caller must look at, so it is a value.

export type Ok<T> = { readonly ok: true; readonly value: T };
export type Err<E> = { readonly ok: false; readonly error: E };
export type Result<T, E> = Ok<T> | Err<E>;

export const ok = <T>(value: T): Ok<T> => ({ ok: true, value });
export const err = <E>(error: E): Err<E> => ({ ok: false, error });
