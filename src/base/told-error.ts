// A failure that the person at the terminal can mend: a taken port, a wrong option, a full disk. Its message says what to do, and is printed as
// it is. Every other Error that reaches the top is a bug and is shown with its stack.

export class ToldError extends Error {
  override readonly name = "ToldError";
}
