import { type Result } from "../../base/result.ts";
declare const ARRAY_TYPES: {
    readonly i8: Int8ArrayConstructor;
    readonly u8: Uint8ArrayConstructor;
    readonly i16: Int16ArrayConstructor;
    readonly u16: Uint16ArrayConstructor;
    readonly i32: Int32ArrayConstructor;
    readonly u32: Uint32ArrayConstructor;
    readonly f32: Float32ArrayConstructor;
    readonly f64: Float64ArrayConstructor;
};
type ArrayType = keyof typeof ARRAY_TYPES;
export type SectionArray = InstanceType<(typeof ARRAY_TYPES)[ArrayType]>;
export type Section = SectionArray | readonly string[];
export type Sections = Readonly<Record<string, Section>>;
export declare function encodeSections(sections: Sections): Uint8Array;
/** The sections of a file, or what is wrong with it in words for a person. Never throws. */
export declare function decodeSections(file: Uint8Array): Result<Map<string, Section>, string>;
/** Takes sections out by name and type: `missing` names the first that is not there as expected. */
export declare function sectionReader(sections: ReadonlyMap<string, Section>): {
    readonly array: <T extends SectionArray>(name: string, kind: new (length: number) => T) => T;
    readonly strings: (name: string) => readonly string[];
    readonly missing: () => string | null;
};
export {};
