namespace DisruptorStream.Durability.Journal.Packing;

/// <summary>How the value of a column lies in memory, as an integer.</summary>
internal unsafe interface IColumnValue
{
    /// <summary>The value at an address.</summary>
    static abstract long Read(byte* at);

    /// <summary>Puts a value where it was read from, bit for bit.</summary>
    static abstract void Write(byte* at, long value);
}
