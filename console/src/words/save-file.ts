// Hands a text to the browser as a file. The mark at the beginning tells spreadsheets that it is UTF-8, which they else take for the machine's old code page.
export function saveCsv(name: string, csv: string): void {
  const url = URL.createObjectURL(new Blob(["\uFEFF", csv], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
