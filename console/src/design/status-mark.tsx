// A meaning as colour, shape and letter at once: the colour may be lost on a bad screen or on 8 % of men, the shape in a blur, the letter at a
// distance; hardly all three.
export const TONES = ["danger", "decide", "moving", "scene", "free", "off"] as const;
/** danger: overdue, unanswered, officer in danger. decide: needs a decision. moving: on the way. scene: on scene. free: available. off: none of these. */
export type Tone = (typeof TONES)[number];

export const TONE_SHAPES: Record<Tone, string> = {
  danger: "M8 0.8 15.2 8 8 15.2 0.8 8z", // diamond
  decide: "M8 1.2 15.4 14.4H0.6z", // triangle
  moving: "M1 2h8.5L15 8l-5.5 6H1l4-6z", // arrow
  scene: "M2 2h12v12H2z", // square
  free: "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1z", // circle
  off: "M4.8 3.4h6.4a4.6 4.6 0 0 1 0 9.2H4.8a4.6 4.6 0 0 1 0-9.2z", // pill
};

/** An empty label: the words beside it say the same. */
export function StatusMark({ tone, letter, label, blink = false }: { readonly tone: Tone; readonly letter?: string; readonly label: string; readonly blink?: boolean }) {
  return (
    <svg className={`status-mark ${blink ? "blink" : ""}`} width={16} height={16} viewBox="0 0 16 16" {...(label === "" ? { "aria-hidden": true } : { role: "img", "aria-label": label })}>
      {label !== "" && <title>{label}</title>}
      <path d={TONE_SHAPES[tone]} fill={`var(--mean-${tone})`} />
      {letter !== undefined && (
        <text x={tone === "moving" ? 7.8 : 8} y={tone === "decide" ? 12.6 : tone === "danger" || tone === "off" || tone === "moving" ? 11.1 : 11.6} textAnchor="middle" fontSize={tone === "free" || tone === "scene" ? 10 : 8.5} fontWeight={700} fill="var(--on-mean)">
          {letter}
        </text>
      )}
    </svg>
  );
}
