export const en = {
  label: "Map",
  zoomIn: "Closer",
  zoomOut: "Farther",
  whole: "Whole city, north up",
  failed: "The map cannot be drawn here: this browser has no WebGL 2. Everything else works.",
  place: { label: "Find the place", example: "Street and number, crossing, school", none: "No such place in this city.", outside: "That point lies outside the city." },
} as const;
