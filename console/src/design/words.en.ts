export const en = {
  loading: "Loading",
  tryAgain: "Try again",
  forbidden: "Your role does not open this. An administrator can grant it under People.",
  cancel: "Cancel",
  close: "Close",
  notices: "Notices",
  noMatches: "Nothing matches.",
} as const;
