export const en = {
  loading: "Loading",
  tryAgain: "Try again",
  forbidden: "Your role does not open this. An administrator can grant it under People.",
  cancel: "Cancel",
  close: "Close",
  notices: "Notices",
  noMatches: "Nothing matches.",
  dayShort: "YYYY-MM-DD",
  dayForm: "A day as 2026-11-22",
  pastMomentForm: "A time in the past as 14:03:27, or with its day as 2026-11-22 14:03",
  notRead: (text: string, form: string) => `“${text}” cannot be taken. ${form}.`,
  momentForm: "A time as 14:03:27, or with its day as 2026-11-22 14:03",
} as const;
