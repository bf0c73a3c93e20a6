// Fields of the contract as people call them, by the last part of their path: for faults that stand apart from their field.
export const en = {
  address: "Address", userName: "User name", password: "Password", name: "Name", code: "Code", kind: "Kind", place: "Place", lat: "Latitude", lon: "Longitude", bearingDeg: "Looks to", tiltDeg: "Tilted down",
  horizontalFovDeg: "View width", verticalFovDeg: "View height", mountHeightM: "Mounted at", rangeM: "Sees up to", imageWidthPx: "Width of the picture", nightView: "At night", purpose: "Purpose", owner: "Owner", retentionDays: "Kept for",
  subAddress: "Address of the small stream", transport: "Packets by", certificateSha256: "Its own certificate", soundPurpose: "Sound recorded for", metadataPurpose: "Metadata kept for", schedule: "Hours of the week", preRollS: "Before an event", postRollS: "After an event",
  keyFrameIntervalS: "Key frame every", leastDays: "At least", mostGigabytes: "At most",
  recording: "Recorded", login: "Login", unitId: "Unit", roles: "Roles", incidentId: "Incident", words: "Reason in words", csv: "List", row: "Row", from: "From", to: "To",
} as const;
