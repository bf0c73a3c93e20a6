// What was dropped on the page, with its paths: `dataTransfer.files` shows a folder as one file that cannot be read, and files of two folders without where they lay.
// The entries are only there while the event runs, so they are taken at once and read afterwards; reading is bounded.
export interface PackageFile {
  readonly file: File;
  /** As it lies in the folder that was dropped or chosen, that one's name included. */
  readonly path: string;
}

const MOST_FILES = 20_000;
const MOST_DEPTH = 5; // the folder itself, and as deep as a package is read from a disk

export const chosenFiles = (files: Iterable<File>): PackageFile[] => [...files].map((file) => ({ file, path: file.webkitRelativePath === "" ? file.name : file.webkitRelativePath }));

/** To be called while the event of the drop runs. Rejects where something cannot be read, or is more than a package holds. */
export function readDropped({ items, files }: Pick<DataTransfer, "items" | "files">): Promise<PackageFile[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  return entries.length === 0 ? Promise.resolve(chosenFiles(files)) : walk(entries);
}

async function walk(roots: readonly FileSystemEntry[]): Promise<PackageFile[]> {
  const found: PackageFile[] = [];
  const take = async (entry: FileSystemEntry, depth: number): Promise<void> => {
    if (depth > MOST_DEPTH || found.length >= MOST_FILES) throw new Error("more files than a package has");
    if (isFolder(entry)) for (const inside of await listFolder(entry)) await take(inside, depth + 1);
    else if (entry.isFile) {
      const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
      found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    }
  };
  for (const entry of roots) await take(entry, 0);
  return found;
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

/** A browser gives a folder's entries in portions, an empty one last. */
async function listFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
    if (all.length > MOST_FILES) throw new Error("more files than a package has");
  }
}
