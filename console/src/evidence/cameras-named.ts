// What the dialogs of evidence say of cameras that are known by their ids only: the name, and whether sound or metadata may have been recorded. One that left the register keeps its
// number, and of it either may be there.
import { useEffect, useState } from "react";
import type { Camera } from "../../../src/contract/cameras.ts";
import { api } from "../api/client.ts";

export interface NamedCamera {
  readonly label: string;
  readonly hasSound: boolean;
  readonly hasMetadata: boolean;
}

export const nameCamera = ({ code, name, soundPurpose, metadataPurpose }: Pick<Camera, "code" | "name" | "soundPurpose" | "metadataPurpose">): NamedCamera => ({ label: `${code} ${name}`, hasSound: soundPurpose !== null, hasMetadata: metadataPurpose !== null });
const unknownCamera = (id: number): NamedCamera => ({ label: `#${id}`, hasSound: true, hasMetadata: true });

/** Those of which the register has answered. */
export function useCamerasNamed(ids: readonly number[]): ReadonlyMap<number, NamedCamera> {
  const [named, setNamed] = useState<ReadonlyMap<number, NamedCamera>>(new Map());
  const key = ids.join(",");
  useEffect(() => {
    const abort = new AbortController();
    const keep = (id: number, camera: NamedCamera): void => setNamed((held) => new Map(held).set(id, camera));
    for (const id of key === "" ? [] : key.split(",").map(Number))
      api.call("getCamera", { params: { id } }, { signal: abort.signal }).then((camera) => keep(id, nameCamera(camera)), () => abort.signal.aborted || keep(id, unknownCamera(id)));
    return () => abort.abort();
  }, [key]);
  return named;
}

/** Until then nobody has been asked what goes along. */
export const areNamed = (ids: readonly number[], named: ReadonlyMap<number, NamedCamera>): boolean => ids.every((id) => named.has(id));

/** What of the two a package takes along: only what was asked about, and left on. */
export const chosenOf = (beside: { readonly sound: boolean; readonly metadata: boolean }, left: { readonly sound: boolean; readonly metadata: boolean }): { readonly sound: boolean; readonly metadata: boolean } =>
  ({ sound: beside.sound && left.sound, metadata: beside.metadata && left.metadata });

/** What of the two a package of these cameras can hold, and so is asked about. */
export const besideOf = (cameras: Iterable<NamedCamera>): { readonly sound: boolean; readonly metadata: boolean } => {
  const all = [...cameras];
  return { sound: all.some(({ hasSound }) => hasSound), metadata: all.some(({ hasMetadata }) => hasMetadata) };
};
