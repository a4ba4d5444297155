namespace DisruptorStream.Aggregation;

/// <summary>How the 64 bits of a measure, or of a result column, are to be read.</summary>
public enum MeasureType : byte
{
    /// <summary>An IEEE 754 double.</summary>
    Double = 0,

    /// <summary>A signed 64-bit integer; its sums are exact.</summary>
    Int64,

    /// <summary>
    /// A name that stands for something, such as a user or a model: a number of a <see cref="SymbolTable"/>, or any
    /// 64 bits of the host's. Can be counted and compared for equality, not computed with. 0 is no symbol, and left out
    /// of all metrics but the count of events.
    /// </summary>
    Symbol,
}
