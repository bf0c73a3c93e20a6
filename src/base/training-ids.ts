// Training has ids of its own: no contact, incident or assignment of a training log can be taken for one of a real log, whatever is copied, exported or read out [TRN2]. A real city
// that takes 24,000 calls a day comes to the base in a hundred years. Units keep small ids, which index typed arrays.
export const TRAINING_ID_BASE = 900_000_000;

/** What ids are counted from: 0, or training's base. */
export const baseOfId = (id: number): number => (id >= TRAINING_ID_BASE ? TRAINING_ID_BASE : 0);

/** The number that people say: from 1 in each log. Screens put a T before one of training. */
export const incidentNumberOf = (id: number): number => id - baseOfId(id);

/** As it is said and written: 12, or T12 of training. */
export const sayIncidentNumber = (incident: { readonly id: number; readonly number: number }): string => `${baseOfId(incident.id) === 0 ? "" : "T"}${incident.number}`;
