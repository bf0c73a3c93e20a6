export const en = {
  label: "Map",
  zoomIn: "Closer",
  zoomOut: "Farther",
  whole: "Whole city, north up",
  failed: "The map cannot be drawn here: this browser has no WebGL 2. Everything else works.",
} as const;
