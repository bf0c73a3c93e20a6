// Our few pictures, drawn on a 16 px grid in one stroke width, in the text's colour.
const PATHS = {
  close: "M4 4l8 8M12 4l-8 8",
  search: "M7 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM10 10l3.5 3.5",
  sun: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6 13 13M13 3l-1.4 1.4M4.4 11.6 3 13",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z",
  sound: "M2.5 6v4h2.5L9 13V3L5 6zM11.5 5.5a3.5 3.5 0 0 1 0 5",
  mute: "M2.5 6v4h2.5L9 13V3L5 6zM11.5 6.2l3 3.6M14.5 6.2l-3 3.6",
  camera: "M2 5h8v6H2zM10 7.2l4-2v5.6l-4-2",
  chart: "M2.5 13.5h11M4.5 11V7.5M8 11V3.5M11.5 11V6",
  keyboard: "M1.5 4h13v8h-13zM4 6.5h.1M6.5 6.5h.1M9 6.5h.1M11.5 6.5h.1M5 9.5h6",
  person: "M8 2.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM3 13.5c.5-3 2.5-4 5-4s4.5 1 5 4",
  phone: "M4 2.5h2.2L7.4 6 5.8 7.2c.6 1.3 1.7 2.4 3 3L10 8.6l3.5 1.2V12c0 .8-.6 1.5-1.5 1.5C7 13.5 2.5 9 2.5 4c0-.9.7-1.5 1.5-1.5z",
  pin: "M8 14.5c-3-3.6-4.5-6-4.5-8a4.5 4.5 0 0 1 9 0c0 2-1.5 4.4-4.5 8zM8 5a1.6 1.6 0 1 1 0 3.2A1.6 1.6 0 0 1 8 5z",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  check: "M3 8.5l3.2 3.2L13 5",
  chevron: "M4 6l4 4 4-4",
  more: "M3.5 8h.1M8 8h.1M12.5 8h.1",
  target: "M8 3.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM8 1v3M8 12v3M1 8h3M12 8h3",
  history: "M8 4.8V8.2l2.4 1.4M3 8.4a5 5 0 1 0 1.3-3.6L2.8 6.3M2.8 2.9v3.4h3.4",
  door: "M4 14V2.5h8V14M2.5 14h11M9.5 8.5h.1",
} as const;
export type IconName = keyof typeof PATHS;
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth={1.4} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
