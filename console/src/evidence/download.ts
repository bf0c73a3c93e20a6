// The browser writes the package itself: a form posts the token to the recorder, so that it stands in no address, into a frame that is not shown. The answer is a
// file, so nothing appears in the frame; what goes wrong the centre tells.
export function startDownload(url: string, token: string, more: Readonly<Record<string, string>> = {}): void {
  const frame = document.createElement("iframe");
  frame.name = `export-${crypto.randomUUID()}`;
  frame.hidden = true;
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  form.target = frame.name;
  form.hidden = true;
  for (const [name, value] of Object.entries({ ...more, token })) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(frame, form);
  form.submit();
  form.remove();
  // The frame stays: taking it away would break the download off in some browsers. It holds nothing.
}
