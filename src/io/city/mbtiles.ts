// The map tiles in one file: MBTiles 1.3 (github.com/mapbox/mbtiles-spec), an SQLite database whose rows count from the south. Tiles are vector tiles packed with gzip, and
// are handed out packed: the browser unpacks them.
import { DatabaseSync } from "node:sqlite";
import type { Bounds } from "../../geo/point.ts";
import { MAP_LAYERS } from "../../geo/city/feature-kinds.ts";
import { CityError } from "./city-error.ts";
import type { DrawnTile } from "./map-tiles.ts";

export interface MbTilesFacts {
  readonly name: string;
  readonly bounds: Bounds;
  readonly attribution: string;
  readonly minZoom: number;
  readonly maxZoom: number;
}

const SCHEMA = `
  -- MBTiles 1.3, 2: facts about the set, and the tiles themselves
  CREATE TABLE metadata (name TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB, PRIMARY KEY (zoom_level, tile_column, tile_row)) WITHOUT ROWID;
`;

/** Writes a new file; returns how many tiles went in. The path must not exist. */
export async function writeMbTiles(path: string, facts: MbTilesFacts, tiles: AsyncIterable<DrawnTile>): Promise<number> {
  const database = new DatabaseSync(path);
  let count = 0;
  try {
    database.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = FULL; PRAGMA page_size = 16384;");
    database.exec(SCHEMA);
    database.exec("BEGIN");
    const insert = database.prepare("INSERT INTO tiles (zoom_level, tile_column, tile_row, tile_data) VALUES (?, ?, ?, ?)");
    for await (const tile of tiles) {
      insert.run(tile.zoom, tile.x, 2 ** tile.zoom - 1 - tile.y, tile.gzip);
      count++;
    }
    const { west, south, east, north } = facts.bounds;
    const metadata = {
      name: facts.name, format: "pbf", bounds: [west, south, east, north].join(","), minzoom: String(facts.minZoom), maxzoom: String(facts.maxZoom), attribution: facts.attribution,
      type: "baselayer", json: JSON.stringify({ vector_layers: MAP_LAYERS.map((id) => ({ id, fields: {} })) }),
    };
    const insertFact = database.prepare("INSERT INTO metadata (name, value) VALUES (?, ?)");
    for (const [name, value] of Object.entries(metadata)) insertFact.run(name, value);
    database.exec("COMMIT");
  } finally {
    database.close();
  }
  return count;
}

export interface MbTiles {
  /** The tile, packed with gzip; null where there is none. Rows count from the north, as in URLs. */
  readonly findTile: (zoom: number, x: number, y: number) => Uint8Array | null;
  readonly close: () => void;
}

/** Opens a tile file for reading; throws CityError where it is none. */
export function openMbTiles(path: string): MbTiles {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly: true });
    const select = database.prepare("SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?");
    const open = database;
    return {
      findTile: (zoom, x, y) => {
        if (![zoom, x, y].every(Number.isInteger) || zoom < 0 || zoom > 24) return null;
        const row = select.get(zoom, x, 2 ** zoom - 1 - y) as { tile_data: Uint8Array } | undefined;
        return row?.tile_data ?? null;
      },
      close: () => open.close(),
    };
  } catch (error) {
    database?.close();
    throw new CityError("damaged", `${path} is no readable tile file: ${(error as Error).message}`);
  }
}
