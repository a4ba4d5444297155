namespace DisruptorStream.Identities;

/// <summary>What a record of the side log says. The numbers are part of its format.</summary>
internal enum IdentityKind : byte
{
    None = 0,

    /// <summary>An id stands for a key, in a generation.</summary>
    KeyDefined = 1,

    /// <summary>A key was retired at its slot: no look-up finds it any more, and its id stays taken.</summary>
    KeyRetired = 2,

    /// <summary>A key was to be retired at its slot, and was kept.</summary>
    KeyKept = 3,

    /// <summary>The id of a retired key is free, in its next generation.</summary>
    KeyReleased = 4,

    /// <summary>A number stands for a source.</summary>
    SourceNamed = 5,

    /// <summary>The number of a source is free.</summary>
    SourceReleased = 6,

    /// <summary>A number of a symbol table stands for a text.</summary>
    SymbolNumbered = 7,

    /// <summary>
    /// There is an id that stands for no key. In a saved directory, whose list of free ids follows its ids.
    /// </summary>
    KeyIdAdded = 8,

    /// <summary>The name of a source is free, and its number is still taken: its last slot is to come.</summary>
    SourceLeft = 9,

    /// <summary>How far a source that can be read again has been read, as of its slots before this one.</summary>
    SourcePosition = 10,
}
