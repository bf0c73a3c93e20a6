import { plural } from "../words/catalogue.ts";

export const en = {
  title: "Inspect",
  recorded: "What you read here is recorded.",
  takeAway: (what: string) => `${what}: take this filter away`,
  days: { from: "From", to: "to" },
  file: { button: "Export CSV", done: (n: string) => `Exported: ${n} rows. The export is recorded.`, cut: (n: string) => `Only the newest ${n} rows are in the file. Narrow by days and export the rest apart.` },
  looks: {
    title: "Who watched what", when: "When", who: "Who", camera: "Camera", what: "What", long: "How long", purpose: "Purpose", why: "Why", live: "Live", past: "Past", ofIt: (span: string) => `, ${span} of it`, opened: (range: string) => `opened ${range}`, pastWhat: "Opened: any part of that range could be watched, an hour around the moment asked for",
    sentWhat: "What its recorder gave out; a player fetches some seconds ahead", nothingSent: ", nothing reported sent", nothingSentWhat: "Its recorder told of no picture that it gave out", untoldWhat: "Its recorder tells what it gave out half a minute after the last of it, and every five minutes",
    heard: "heard", heardWhat: "Opened to hear the camera, not only to see it", described: "metadata", describedWhat: "What the camera itself told of persons and things (ONVIF metadata) could be in the package", pastOnly: "Past only", downloadsOnly: "Downloads only", download: "Download", downloadUntold: "Download", asked: (range: string) => `asked for ${range}`, downloadedWhat: "A file to take away, of what was recorded in the range that was asked for", exportsOnly: "Evidence only", exported: (range: string) => `Evidence, exported ${range}`, exportedWhat: "What was recorded in this range left in an evidence package", liveAndPast: "All looks",
    open: "looking", openWhat: "The pictures are open now", downloading: "on its way", downloadingWhat: "The file is on its way, or its end is not told yet", noEnd: "No end was told; the last permission ran out then",
    incident: (number: string) => `Incident ${number}`, openIncident: "Open", call: (id: string) => `Call ${id}, before an incident was made`, search: "Person, camera, place or words", allPurposes: "All purposes", person: (id: string) => `Person no. ${id}`, oneCamera: (id: string) => `Camera no. ${id}`, clear: "Clear filters",
    none: "Nobody has looked at a camera since yesterday. Empty the first day to see all.", nothing: "No look matches.", older: "Show older",
  },
  picture: {
    title: "The looks as a picture", total: (n: number) => plural("en", n, { one: "1 look", other: "# looks" }), looks: (n: number) => plural("en", n, { one: "1 look", other: "# looks" }), parts: (live: string, past: string, downloaded: string, exported: string) => `${live} live, ${past} past, ${downloaded} downloaded, ${exported} as evidence`,
    perHour: "per hour", perDay: "per day", most: (n: string) => `most: ${n}`, byPurpose: "For what", byPerson: "By whom", byCamera: "Which camera",
  },
  changes: {
    title: "Who changed what", readings: "Who read this", when: "When", who: "Who", action: "What was done", subject: "To what", body: "The change", filter: "What was asked for", none: "Nothing yet.", nothing: "No entry matches.", older: "Show older",
    search: "Person, camera or value", allSubjects: "Accounts and cameras", showAll: "Show all", by: (name: string) => `By ${name}`, system: "The system itself", oneChange: "The chosen entry", close: "Close",
    field: "Field", before: "Before", after: "After", value: "Value", everything: "Everything, newest first", nothingThere: "none", yes: "yes", no: "no", secretChanged: "changed (not shown)", unit: (id: string) => `unit no. ${id}`,
    days: (n: number) => plural("en", n, { one: "1 day", other: "# days" }),
    actions: {
      "camera.add": "Camera added", "camera.change": "Camera changed", "camera.move": "Cameras moved to another host", "camera.move-recorder": "Camera moved to another recorder", "camera.remove": "Camera removed", "camera.recording-event": "Camera told of an event", "camera.return": "Camera taken back", "camera.add-many": "Cameras imported", "account.create": "Account made", "account.change": "Account changed", "account.first": "First account made",
      "account.password": "Own password changed", "account.sessions-end": "Logged out everywhere",
      "hold.make": "Recordings held as evidence", "hold.review": "Evidence hold reviewed", "hold.release": "Evidence hold released",
      "platform.add": "Platform entered", "platform.change": "Platform changed", "platform.retire": "Platform retired", "alarm-point.add": "Alarm point registered", "alarm-point.change": "Alarm point changed", "alarm-point.remove": "Alarm point removed", "webhook.add": "Webhook made", "webhook.change": "Webhook changed", "webhook.remove": "Webhook removed", "webhook.resend": "Deliveries sent again",
      "run-cards.propose": "Run cards proposed", "run-cards.approve": "Run cards put in force", "run-cards.discard": "Proposed run cards discarded",
      "warning.draft": "Public warning drafted", "warning.change": "Draft of a warning reworded", "warning.approve": "Public warning approved", "warning.discard": "Draft of a warning discarded", "warning.cancel": "Public warning withdrawn", "warning.update": "Public warning updated",
      "tracker.add": "Tracker registered", "tracker.remove": "Tracker removed",
      "machine-account.create": "Key of an outside system made", "machine-account.revoke": "Key of an outside system revoked",
      "access-record.read": "Read the looks", "access-record.export": "Exported the looks", "export.read": "Read the evidence packages", "audit.read": "Read the changes", "audit.export": "Exported the changes", "sharing.read": "Another agency read an incident", "sharing.make": "Incident shared", "sharing.end": "Sharing ended",
    },
    subjects: {
      platform: "Platform", "alarm-point": "Alarm point", webhook: "Webhook", "run-cards": "Run cards", warning: "Public warning", sharing: "Sharing", "shared-incident": "Sharing", tracker: "Tracker", "machine-account": "Outside system",
      camera: "Camera", account: "Account", session: "Session", hold: "Evidence hold" },
    many: {
      platform: "Platforms", "alarm-point": "Alarm points", webhook: "Webhooks", "run-cards": "Run cards", warning: "Public warnings", sharing: "Sharings", "shared-incident": "Shared incidents", tracker: "Trackers", "machine-account": "Outside systems",
      camera: "Cameras", account: "Accounts", hold: "Evidence holds", "access-record": "The register of looks", export: "The list of evidence packages", "audit-entry": "The register of changes" },
    modes: { live: "live", playback: "past", download: "download", export: "evidence" },
    fields: {
      agency: "Agency", deviceId: "Device", headline: "Headline", siteName: "Site", door: "Door", pointKind: "Kind", camerasAt: "Cameras", recorder: "Recorder", topics: "Events", format: "Form", targetHost: "Host", deliveries: "Deliveries",
      interface: "Interface", name: "Name", login: "Login", roles: "Roles", unitId: "Unit", disabled: "Disabled", password: "Password", credential: "User name and password", code: "Code", kind: "Kind", place: "Place", district: "District", imageWidthPx: "Picture width (px)", nightView: "At night",
      purpose: "Purpose", owner: "Owner", address: "Address", subAddress: "Address of the small stream", transport: "Packets by", certificateSha256: "Pinned certificate", soundPurpose: "Sound recorded for", metadataPurpose: "Metadata kept for", recording: "Recorded", schedule: "Hours of the week", preRollS: "Before an event (s)", postRollS: "After an event (s)", keyFrameIntervalS: "Key frames every (s)", until: "Recorded until", leastDays: "At least for", mostGigabytes: "At most (GB)", retentionDays: "Kept for", lon: "Longitude", lat: "Latitude", mountHeightM: "Height", bearingDeg: "Direction", tiltDeg: "Tilt", horizontalFovDeg: "Field of view, across",
      verticalFovDeg: "Field of view, upright", rangeM: "Range", count: "How many", cameras: "Cameras", before: "Before", after: "After", ended: "Sessions ended", rows: "Rows",
      from: "From", to: "To", reviewAt: "Review by", incidentId: "Incident no.", words: "Why",
      "filter.cameraId": "Camera no.", "filter.accountId": "Person no.", "filter.incidentId": "Incident no.", "filter.purpose": "Purpose", "filter.mode": "Live or past", "filter.from": "From", "filter.to": "Before", "filter.q": "Words",
      "filter.kind": "Register", "filter.exportId": "Package no.", "filter.actorId": "Done by no.", "filter.subjectKind": "Changes of", "filter.subjectId": "Its number",
    },
  },
} as const;
