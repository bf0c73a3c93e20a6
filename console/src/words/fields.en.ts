// Fields of the contract as people call them, by the last part of their path: for faults that stand apart from their field.
export const en = {
  address: "Address", userName: "User name", password: "Password", name: "Name", code: "Code", kind: "Kind", place: "Place", lat: "Latitude", lon: "Longitude", bearingDeg: "Looks to", tiltDeg: "Tilted down",
  horizontalFovDeg: "View width", verticalFovDeg: "View height", mountHeightM: "Mounted at", rangeM: "Sees up to", imageWidthPx: "Width of the picture", purpose: "Purpose", owner: "Owner", retentionDays: "Kept for",
  recording: "Recorded", login: "Login", unitId: "Unit", roles: "Roles", incidentId: "Incident", words: "Reason in words", csv: "List", row: "Row", from: "From", to: "To",
} as const;
