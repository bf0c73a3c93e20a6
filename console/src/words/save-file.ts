// Hands a text to the browser as a file. The mark at the beginning tells spreadsheets that it is UTF-8, which they else take for the machine's old code page.
export const saveCsv = (name: string, csv: string): void => save(name, new Blob(["\uFEFF", csv], { type: "text/csv;charset=utf-8" }));
export const saveJson = (name: string, json: string): void => save(name, new Blob([json], { type: "application/json" }));

function save(name: string, file: Blob): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
