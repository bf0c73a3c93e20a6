// What the map tiles are drawn from: a shape in 1e-7 degree and what the style may ask of it.

export type MapShape =
  | { readonly type: "point"; readonly lonE7: number; readonly latE7: number }
  | { readonly type: "line"; readonly lineE7: readonly number[] }
  | { readonly type: "area"; readonly ringsE7: readonly (readonly number[])[] };
export interface MapFeature {
  readonly shape: MapShape;
  readonly properties: Readonly<Record<string, string | number | boolean>>;
}
