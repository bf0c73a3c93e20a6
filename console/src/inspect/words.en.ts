export const en = {
  title: "Inspect",
  looks: {
    title: "Who watched what", when: "When", who: "Who", camera: "Camera", what: "What", long: "How long", purpose: "Purpose", why: "Why", live: "Live", past: (from: string, to: string) => `Past, ${from} to ${to}`, pastOnly: "Past only", liveAndPast: "Live and past", open: "looking", noEnd: "No end was told; the last permission ran out then",
    incident: (number: string) => `Incident ${number}`, call: (id: string) => `Call ${id}, before an incident was made`, search: "Person, camera or words", allPurposes: "All purposes", only: (what: string) => `Only ${what}`, count: (n: string) => `${n} looks`,
    none: "Nobody has looked at a camera yet.", nothing: "No look matches.", older: "Show older",
  },
  changes: {
    title: "Who changed what", when: "When", who: "Who", action: "What was done", subject: "To what", body: "The change", none: "Nothing was changed yet.", older: "Show older",
    actions: {
      "camera.add": "Camera added", "camera.change": "Camera changed", "camera.move": "Camera moved", "camera.remove": "Camera removed", "camera.add-many": "Cameras imported", "account.create": "Account made", "account.change": "Account changed", "account.first": "First account made",
      "account.password": "Own password changed",
    },
    subjects: { camera: "Camera", account: "Account", session: "Session" },
  },
} as const;
